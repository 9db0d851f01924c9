SELECT (SELECT system_identifier FROM pg_control_system())::text AS cluster,
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next_transaction,
       pg_current_wal_flush_lsn()::text AS wal,
       coalesce(extract(epoch FROM clock_timestamp() - least(
         (SELECT min(xact_start) FROM pg_stat_activity WHERE backend_xid IS NOT NULL),
         (SELECT min(prepared) FROM pg_prepared_xacts))), 0)::bigint AS oldest_writer
