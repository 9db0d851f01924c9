-- Events of both sides by their position: ${expected} has each once, ${found} as often as it is stored.
SELECT kind, day, what, count(*) AS events, min(log_position) AS first, max(log_position) AS last
FROM (
  SELECT coalesce(expected.log_position, found.log_position) AS log_position,
    coalesce(expected.day, found.day) AS day,
    coalesce(expected.schema_name, found.schema_name) AS what,
    CASE
      WHEN found.log_position IS NULL THEN 'MISSING'
      WHEN expected.log_position IS NULL THEN '${surplus}'
      WHEN found.copies > 1 THEN 'DOUBLED'
      WHEN NOT (found.least <=> expected.fingerprint) THEN 'ALTERED'
    END AS kind
  FROM ${expected} AS expected
  FULL OUTER JOIN (
    SELECT log_position, count(*) AS copies, min(fingerprint) AS least, min(day) AS day,
      min(schema_name) AS schema_name
    FROM ${found}
    GROUP BY log_position
  ) AS found ON expected.log_position = found.log_position
)
WHERE kind IS NOT NULL
GROUP BY kind, day, what
ORDER BY first
