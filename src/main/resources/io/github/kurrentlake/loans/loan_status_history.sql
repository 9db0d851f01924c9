-- A row for each event that changed the status; the order is that of the stream.
SELECT
  stream,
  incarnation,
  status,
  schema_name AS event_type,
  log_position,
  stream_revision,
  occurred_at,
  valid_from,
  valid_to,
  next_position IS NULL AS is_current,
  (unix_micros(valid_to) - unix_micros(valid_from)) / 1e6D AS seconds
FROM (
  SELECT *,
    lead(valid_from) OVER periods AS valid_to,
    lead(log_position) OVER periods AS next_position
  FROM (
    SELECT changes.*, recorded.created_at AS valid_from, recorded.stream_revision
    FROM (
      SELECT *,
        lag(status) OVER (PARTITION BY stream, incarnation ORDER BY log_position) AS status_before
      FROM (
        SELECT stream, incarnation, log_position, schema_name, occurred_at,
          ${loan_status} AS status
        FROM (
          SELECT stream, incarnation, log_position, schema_name,
            coalesce(
              loan_requested.loan_requested_timestamp,
              credit_checked.credit_checked_timestamp,
              loan_auto_decisioned.loan_automated_decision_timestamp,
              loan_manual_decisioned.loan_manual_decision_timestamp,
              automated_summary.summarized_at
            ) AS occurred_at,
            ${so_far}
          FROM (
${events}
          )
        )
      )
    ) AS changes
    LEFT JOIN ${bronze} AS recorded USING (log_position)
    WHERE status_before IS NULL OR status_before <> status
  )
  WINDOW periods AS (PARTITION BY stream ORDER BY log_position)
)
