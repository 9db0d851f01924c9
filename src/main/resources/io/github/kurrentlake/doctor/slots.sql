-- A slot that nobody reads keeps the write-ahead log until the disk is full.
SELECT count(*) AS slots, count(*) FILTER (WHERE NOT active) AS idle,
  pg_size_pretty(coalesce(max(pg_wal_lsn_diff(
    CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END,
    restart_lsn)), 0)) AS held
FROM pg_replication_slots
WHERE slot_type = 'logical'
