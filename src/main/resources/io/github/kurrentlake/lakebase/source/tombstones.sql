(SELECT DISTINCT row_xid, key FROM kurrentlake.tombstone
 WHERE table_schema = ${schema_text} AND table_name = ${table_text}) AS d
CROSS JOIN LATERAL jsonb_populate_record(NULL::${table}, d.key) AS k
