SELECT CAST(coalesce(max(extract(epoch FROM now() - xact_start)), 0) AS bigint)
FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL)
