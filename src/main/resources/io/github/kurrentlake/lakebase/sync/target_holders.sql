-- What reads the table, or refers to it, and would lose it with another one in its place.
WITH target AS (
  SELECT c.oid
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = ? AND c.relname = ?
)
SELECT DISTINCT
  CASE v.relkind WHEN 'm' THEN 'materialized view ' ELSE 'view ' END
    || format('%I.%I', n.nspname, v.relname)
FROM target t
JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid
JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
JOIN pg_class v ON v.oid = r.ev_class AND v.relkind IN ('v', 'm') AND v.oid <> t.oid
JOIN pg_namespace n ON n.oid = v.relnamespace
UNION
SELECT 'foreign key ' || format('%I of %I.%I', k.conname, n.nspname, c.relname)
FROM target t
JOIN pg_constraint k ON k.contype = 'f' AND k.confrelid = t.oid AND k.conrelid <> t.oid
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
ORDER BY 1
