-- Staging tables of runs that were killed. Only the holder of the table's lock asks.
SELECT c.relname
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'kurrentlake' AND c.relkind = 'r' AND starts_with(c.relname, ?)
