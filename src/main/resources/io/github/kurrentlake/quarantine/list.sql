-- An event with several errors counts once for each, since each may be mended on its own.
SELECT
  state,
  projection,
  error.rule AS rule,
  error.`column` AS `column`,
  count(*) AS events,
  min(log_position) AS example,
  min_by(substring(error.value, 1, 40), log_position) AS value
FROM (SELECT state, projection, log_position, explode(errors) AS error FROM ${quarantine})
GROUP BY ALL
ORDER BY array_position(array('open', 'dismissed', 'resolved'), state), events DESC, projection, rule, `column`
