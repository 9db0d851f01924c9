INSERT INTO kurrentlake.sync_state AS s (target, source, source_id, delta_version, bad_text, run_id)
VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (target) DO UPDATE SET
  source = excluded.source,
  source_id = excluded.source_id,
  delta_version = excluded.delta_version,
  bad_text = excluded.bad_text,
  run_id = excluded.run_id,
  synced_at = now()
