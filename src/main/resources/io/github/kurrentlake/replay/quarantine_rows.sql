-- What quarantine shall hold where that differs: the events that the declarations refuse now, and as
-- resolved those that were open and that they take. What was dismissed stays so. ${taken} has the
-- positions in Silver by projection, with the fingerprint of its declaration.
SELECT refused.log_position, refused.projection, refused.stream, refused.schema_name, refused.data,
  refused.errors, refused.fingerprint,
  coalesce(held.first_attempt, refused.first_attempt) AS first_attempt, refused.last_attempt,
  refused.state, refused.reason
FROM ${refused} AS refused
LEFT JOIN ${held} AS held
  ON held.projection = refused.projection AND held.log_position = refused.log_position
WHERE held.log_position IS NULL
  OR (held.state <> 'dismissed'
    AND NOT (held.state = 'open' AND held.fingerprint = refused.fingerprint
      AND held.data <=> refused.data AND held.errors <=> refused.errors))
UNION ALL
SELECT held.log_position, held.projection, held.stream, held.schema_name, held.data,
  held.errors, taken.fingerprint, held.first_attempt, current_timestamp(), 'resolved', held.reason
FROM ${held} AS held
JOIN ${taken} AS taken
  ON taken.projection = held.projection AND taken.log_position = held.log_position
WHERE held.state = 'open'
