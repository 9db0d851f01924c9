SELECT coalesce(wal_status, '') AS wal_status, confirmed_flush_lsn::text AS confirmed
FROM pg_replication_slots
WHERE slot_name = ? AND database = current_database()
