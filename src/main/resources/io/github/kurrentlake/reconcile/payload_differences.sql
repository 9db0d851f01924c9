-- Events that both sides have, by what they hold. What KurrentDB no longer gives, Bronze may keep.
SELECT kind, day, schema_name AS what, count(*) AS events, min(log_position) AS first,
  max(log_position) AS last
FROM (
  SELECT expected.log_position, expected.day, expected.schema_name,
    CASE
      WHEN expected.payload <=> found.payload THEN NULL
      WHEN expected.is_empty THEN 'ONLY_IN_BRONZE'
      WHEN found.is_empty THEN 'WITHOUT_PAYLOAD'
      ELSE 'ALTERED'
    END AS kind
  FROM ${expected} AS expected
  JOIN ${found} AS found ON expected.log_position = found.log_position
)
WHERE kind IS NOT NULL
GROUP BY kind, day, schema_name
ORDER BY first
