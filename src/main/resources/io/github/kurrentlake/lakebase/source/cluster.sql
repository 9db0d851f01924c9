SELECT (SELECT system_identifier FROM pg_control_system())::text AS cluster,
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next_transaction,
       (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
             ELSE pg_current_wal_flush_lsn() END)::text AS wal,
       coalesce(extract(epoch FROM clock_timestamp() - least(
         (SELECT min(xact_start) FROM pg_stat_activity WHERE backend_xid IS NOT NULL),
         (SELECT min(prepared) FROM pg_prepared_xacts))), 0)::bigint AS oldest_writer
