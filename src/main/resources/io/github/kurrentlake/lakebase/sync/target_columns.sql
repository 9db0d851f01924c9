SELECT a.attname, format_type(a.atttypid, a.atttypmod), coalesce(k.place, 0)
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN LATERAL (
  SELECT u.place
  FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS u(attnum, place)
  WHERE i.indrelid = c.oid AND i.indisprimary AND u.attnum = a.attnum
) k ON true
WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
