WITH RECURSIVE resolved AS (
  SELECT a.attnum, a.attname, a.attnotnull, a.attstorage, a.attgenerated, a.atttypid, a.atttypmod,
         t.oid AS type, t.typtype, t.typbasetype, t.typtypmod, a.atttypmod AS modifier
  FROM pg_attribute a
  JOIN pg_type t ON t.oid = a.atttypid
  WHERE a.attrelid = ${table} AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT r.attnum, r.attname, r.attnotnull, r.attstorage, r.attgenerated, r.atttypid, r.atttypmod,
         t.oid, t.typtype, t.typbasetype, t.typtypmod, r.typtypmod
  FROM resolved r
  JOIN pg_type t ON t.oid = r.typbasetype
  WHERE r.typtype = 'd'
)
SELECT r.attnum, r.attname, r.attnotnull, r.attstorage <> 'p' AS large,
       r.attgenerated <> '' AS generated, r.modifier,
       format_type(r.atttypid, r.atttypmod) AS shown,
       CASE WHEN t.typnamespace = 'pg_catalog'::regnamespace THEN t.typname ELSE '' END AS base
FROM resolved r
JOIN pg_type t ON t.oid = r.type
WHERE r.typtype <> 'd'
ORDER BY r.attnum
