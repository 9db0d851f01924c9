SELECT (SELECT system_identifier FROM pg_control_system())::text AS cluster,
       concat_ws('/',
         CASE WHEN pg_is_in_recovery()
              THEN (SELECT to_hex(greatest(c.timeline_id, r.min_recovery_end_timeline))
                    FROM pg_control_checkpoint() AS c, pg_control_recovery() AS r)
              -- A checkpoint may lag behind a promotion; the log's files have the new number.
              ELSE lower(ltrim(left(pg_walfile_name(pg_current_wal_lsn()), 8), '0')) END,
         -- Branches share all numbers of Postgres; their storage has one of each branch.
         nullif(current_setting('neon.timeline_id', true), '')) AS timeline,
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next_transaction,
       (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
             ELSE pg_current_wal_flush_lsn() END)::text AS wal,
       coalesce(extract(epoch FROM clock_timestamp() - least(
         (SELECT min(xact_start) FROM pg_stat_activity WHERE backend_xid IS NOT NULL),
         (SELECT min(prepared) FROM pg_prepared_xacts))), 0)::bigint AS oldest_writer
