-- Tasks of one run are told by its id; only a run that read new events is one here.
SELECT
  min(started_at) AS `Began`,
  round(max(unix_millis(started_at) / 1000D + seconds)
    - min(unix_millis(oldest_event_at)) / 1000D, 1) AS `Oldest event waited, s`,
  round(max(unix_millis(started_at) / 1000D + seconds)
    - min(unix_millis(started_at)) / 1000D, 1) AS `Took, s`,
  sum(events_in) FILTER (WHERE position_after IS NOT NULL) AS `New events`
FROM ${task_runs}
GROUP BY run_id
HAVING max(position_after) IS NOT NULL
ORDER BY `Began` DESC
