(SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next_transaction OFFSET 0) AS s
CROSS JOIN ${table} AS t
CROSS JOIN LATERAL (
  SELECT (((s.next_transaction >> 32)
            - CASE WHEN t.xmin::text::bigint > (s.next_transaction & 4294967295) THEN 1 ELSE 0 END) << 32)
         | t.xmin::text::bigint AS xid) AS x
