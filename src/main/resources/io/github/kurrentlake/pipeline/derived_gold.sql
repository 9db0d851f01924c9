SELECT
  ${columns}told.last_event_type,
  told.first_event_at,
  told.last_event_at,
  told.events,
  state.stream,
  state.log_position,
  state.open_quarantine,
  state.warnings,
  state.incarnation,
  state.first_log_position
FROM (
${latest}
) AS state
LEFT JOIN (
  SELECT stream, max_by(schema_name, log_position) AS last_event_type,
    min_by(created_at, log_position) AS first_event_at,
    max_by(created_at, log_position) AS last_event_at,
    count(*) AS events
  FROM ${bronze}
  WHERE category = ${category}
  GROUP BY stream
) AS told ON told.stream = state.stream
