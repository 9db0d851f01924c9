SELECT *, CAST(${warnings} AS BIGINT) AS warnings
FROM (
  SELECT stream, max(log_position) AS log_position, min(first_log_position) AS first_log_position,
    max(incarnation) AS incarnation, count_if(is_quarantined) AS open_quarantine,
    ${latest}
  FROM (
${events}
  )
  WHERE incarnation = newest_incarnation
  GROUP BY stream
)
