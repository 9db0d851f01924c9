UNION ALL
SELECT n.pnpubid, n.oid, false
FROM pg_publication_namespace n JOIN lineage l ON l.relnamespace = n.pnnspid
