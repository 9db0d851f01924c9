-- The events are those that Silver does not hold, so one that is resolved here was since lost there.
MERGE INTO ${quarantine} AS known
USING ${events} AS refused
ON known.projection = ${projection}
  AND known.log_position = refused.log_position
  AND known.log_position > ${above}
  AND known.log_position <= ${through}
WHEN MATCHED AND known.state = 'resolved' THEN UPDATE SET
  state = 'open',
  errors = refused.errors,
  fingerprint = ${fingerprint},
  last_attempt = current_timestamp()
WHEN NOT MATCHED THEN INSERT (
  log_position, projection, stream, schema_name, data, errors, fingerprint, first_attempt,
  last_attempt, state)
VALUES (
  refused.log_position, ${projection}, refused.stream, refused.schema_name, refused.data,
  refused.errors, ${fingerprint}, current_timestamp(), current_timestamp(), 'open')
