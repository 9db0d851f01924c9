SELECT
  began_at AS `Began`,
  round(oldest_event_seconds, 1) AS `Oldest event waited, s`,
  round(seconds, 1) AS `Took, s`,
  events AS `New events`
FROM (
${runs}
)
ORDER BY `Began` DESC
