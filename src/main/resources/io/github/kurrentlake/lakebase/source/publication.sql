-- What a publication tells of a table, and since when: each row of the catalog that says so has a
-- number of its own, another one when it is made again or the publication is altered.
WITH lineage AS (
  SELECT oid, relnamespace FROM pg_class WHERE oid = ${table}
  UNION
  SELECT c.oid, c.relnamespace
  FROM pg_partition_ancestors(${table}) AS a JOIN pg_class c ON c.oid = a.relid
), published AS (
  SELECT r.prpubid AS publication, r.oid,
         coalesce(to_jsonb(r) ->> 'prqual', to_jsonb(r) ->> 'prattrs') IS NOT NULL AS partial
  FROM pg_publication_rel r JOIN lineage l ON l.oid = r.prrelid
  ${by_schema}
)
SELECT p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate AS all_operations,
       NOT coalesce(bool_or(t.partial), false) AS all_values,
       concat_ws(' ', ${table}, p.oid, p.xmin, string_agg(t.oid::text, ' ' ORDER BY t.oid)) AS since
FROM pg_publication p
JOIN pg_publication_tables s ON s.pubname = p.pubname
LEFT JOIN published t ON t.publication = p.oid
WHERE p.pubname = ? AND s.schemaname = ? AND s.tablename = ?
GROUP BY p.oid, p.xmin, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate
