-- The indexes beside the primary key: name, what stands before and behind the table's name.
SELECT x.relname AS name,
  CASE WHEN i.indisunique THEN 'CREATE UNIQUE INDEX ' ELSE 'CREATE INDEX ' END AS kind,
  substr(
    pg_get_indexdef(i.indexrelid),
    length(
      CASE WHEN i.indisunique THEN 'CREATE UNIQUE INDEX ' ELSE 'CREATE INDEX ' END
        || format('%I ON %I.%I', x.relname, n.nspname, c.relname)) + 1) AS definition
FROM pg_index i
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ? AND c.relname = ? AND i.indisvalid AND NOT i.indisprimary
ORDER BY x.relname
