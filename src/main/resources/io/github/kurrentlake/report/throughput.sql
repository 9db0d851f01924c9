SELECT
  started_at AS `Began`,
  round(events_in / seconds, 1) AS `Speed, events/s`,
  events_in AS `New events`
FROM ${task_runs}
WHERE position_after IS NOT NULL
ORDER BY `Began` DESC
