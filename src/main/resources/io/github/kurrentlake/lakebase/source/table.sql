SELECT c.oid, c.relkind::text,
       CASE WHEN c.relkind <> 'p' THEN c.relreplident::text
            ELSE (SELECT CASE WHEN count(DISTINCT l.relreplident) > 1 THEN 'n'
                              ELSE coalesce(min(l.relreplident::text), 'f') END
                  FROM pg_partition_tree(c.oid) AS p JOIN pg_class l ON l.oid = p.relid
                  WHERE p.isleaf)
       END AS identity
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
