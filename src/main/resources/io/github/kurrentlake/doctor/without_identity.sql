SELECT relnamespace::regnamespace || '.' || relname
FROM pg_class
WHERE relkind IN ('r', 'p') AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')
  AND (relreplident = 'n' OR (relreplident = 'd' AND NOT EXISTS (
    SELECT FROM pg_index WHERE indrelid = pg_class.oid AND indisprimary)))
ORDER BY 1
LIMIT 10
