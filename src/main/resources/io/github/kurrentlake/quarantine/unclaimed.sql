SELECT
  category,
  schema_name,
  count(*) AS events,
  min(log_position) AS example
FROM ${events}
WHERE schema_name NOT IN (${claimed})
GROUP BY category, schema_name
ORDER BY events DESC, schema_name
