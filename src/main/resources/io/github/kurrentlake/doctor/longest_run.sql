SELECT max(seconds)
FROM (
  SELECT max(unix_millis(started_at) / 1000D + seconds)
    - min(unix_millis(started_at)) / 1000D AS seconds
  FROM ${task_runs}
  WHERE started_at > current_timestamp() - INTERVAL 7 DAYS
  GROUP BY run_id
  HAVING max(position_after) IS NOT NULL
)
