SELECT count(*) AS "all",
  count(*) FILTER (WHERE has_table_privilege(oid, 'SELECT')) AS "read",
  count(*) FILTER (WHERE has_table_privilege(oid, 'INSERT')
    AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE')) AS written
FROM pg_class
WHERE relkind IN ('r', 'p') AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')
