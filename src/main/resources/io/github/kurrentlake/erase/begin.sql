MERGE INTO ${erasures} AS stored
USING (SELECT ${hash} AS stream_hash, CAST(map(${rows}) AS MAP<STRING, BIGINT>) AS rows_removed) AS begun
ON stored.stream_hash = begun.stream_hash
-- One that was killed, or whose rows came back with a table from a backup.
WHEN MATCHED THEN UPDATE SET
  done_at = NULL,
  purged_at = NULL,
  rows_removed = map_zip_with(stored.rows_removed, begun.rows_removed,
    (name, before, now) -> greatest(before, now))
WHEN NOT MATCHED THEN INSERT (stream_hash, begun_at, rows_removed)
  VALUES (begun.stream_hash, current_timestamp(), begun.rows_removed)
