-- An event with several errors counts once for each.
SELECT CAST(first_attempt AS DATE) AS `Day`, error.rule AS `Reason`, count(*) AS `Events`
FROM (SELECT first_attempt, explode(errors) AS error FROM ${quarantine})
WHERE first_attempt > current_timestamp() - INTERVAL 90 DAYS
GROUP BY ALL
ORDER BY `Day`, `Reason`
