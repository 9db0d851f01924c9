-- After the rows have landed: whatever Silver holds is resolved, also when it was dismissed while
-- the attempt went on; the rest keeps its state, and is open with the errors of this attempt.
MERGE INTO ${quarantine} AS known
USING ${attempts} AS attempt
ON known.projection = ${projection}
  AND known.log_position = attempt.log_position
WHEN MATCHED AND attempt.landed THEN UPDATE SET
  state = 'resolved',
  reason = NULL,
  data = attempt.data,
  fingerprint = ${fingerprint},
  last_attempt = current_timestamp()
WHEN MATCHED AND known.state = 'open' THEN UPDATE SET
  data = attempt.data,
  errors = attempt.errors,
  fingerprint = ${fingerprint},
  last_attempt = current_timestamp()
