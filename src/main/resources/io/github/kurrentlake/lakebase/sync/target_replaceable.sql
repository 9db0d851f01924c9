-- Whether nothing hangs on the table that another one in its place would lose or that forbids the
-- swap: views, triggers, policies, other constraints, publications, comments, rights on columns,
-- settings other than the one that a synced table is made with. And about how many rows it has;
-- nothing where Postgres does not know.
SELECT
  NOT c.relrowsecurity
    AND c.relreplident = 'd'
    AND coalesce(c.reloptions, '{}') <@ ARRAY['fillfactor=90']
    AND NOT EXISTS (
      SELECT FROM pg_depend d
      WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
        AND d.classid <> 'pg_type'::regclass
        AND NOT (
          d.classid = 'pg_class'::regclass
          AND EXISTS (SELECT FROM pg_class i WHERE i.oid = d.objid AND i.relkind IN ('i', 't')))
        AND NOT (
          d.classid = 'pg_constraint'::regclass
          AND EXISTS (
            SELECT FROM pg_constraint k WHERE k.oid = d.objid AND k.contype IN ('p', 'n'))))
    AND NOT EXISTS (
      SELECT FROM pg_description s WHERE s.classoid = 'pg_class'::regclass AND s.objoid = c.oid)
    AND NOT EXISTS (
      SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL) AS is_free,
  c.reltuples::bigint AS row_count
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ? AND c.relname = ? AND c.reltuples >= 0
