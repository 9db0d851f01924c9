-- A row per run that read new events; the tasks of a run are told by its id.
SELECT
  min(started_at) AS began_at,
  max(unix_millis(started_at) / 1000D + seconds)
    - min(unix_millis(oldest_event_at)) / 1000D AS oldest_event_seconds,
  max(unix_millis(started_at) / 1000D + seconds)
    - min(unix_millis(started_at)) / 1000D AS seconds,
  sum(events_in) FILTER (WHERE position_after IS NOT NULL) AS events
FROM ${task_runs}
GROUP BY run_id
HAVING max(position_after) IS NOT NULL
