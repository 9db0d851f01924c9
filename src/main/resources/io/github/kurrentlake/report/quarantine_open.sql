-- What the values are is about persons, and stays in the table.
SELECT
  error.rule AS `Reason`,
  count(*) AS `Events`,
  projection AS `Projection`,
  schema_name AS `Event type`,
  error.`column` AS `Column`,
  min(first_attempt) AS `First`,
  max(first_attempt) AS `Last`,
  min(log_position) AS `Example at`
FROM (
  SELECT projection, schema_name, first_attempt, log_position, explode(errors) AS error
  FROM ${quarantine}
  WHERE state = 'open'
)
GROUP BY error.rule, projection, schema_name, error.`column`
ORDER BY `Events` DESC, `Example at`
