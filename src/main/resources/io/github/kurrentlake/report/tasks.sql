SELECT
  task AS `Task`,
  round(percentile(seconds, 0.5), 1) AS `Median, s`,
  round(percentile(seconds, 0.95), 1) AS `95 of 100 within, s`,
  round(max(seconds), 1) AS `Slowest, s`,
  count(*) AS `Runs`,
  count_if(outcome = 'failed') AS `Failed`,
  max_by(error_code, started_at) FILTER (WHERE outcome = 'failed') AS `Last error`
FROM ${task_runs}
WHERE started_at > current_timestamp() - INTERVAL 30 DAYS
GROUP BY task
ORDER BY `Median, s` DESC
