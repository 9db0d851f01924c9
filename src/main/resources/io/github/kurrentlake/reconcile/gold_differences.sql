-- Rows of a Gold table by their key; one difference per kind, with the first as an example.
SELECT kind, CAST(NULL AS BIGINT) AS day, min_by(stream, log_position) AS what, count(*) AS events,
  min(log_position) AS first, max(log_position) AS last
FROM (
  SELECT coalesce(expected.stream, found.stream) AS stream,
    coalesce(expected.log_position, found.log_position) AS log_position,
    CASE
      WHEN found.row_key IS NULL THEN 'MISSING'
      WHEN expected.row_key IS NULL THEN 'UNEXPECTED'
      WHEN found.copies > 1 THEN 'DOUBLED'
      WHEN expected.fingerprint <> found.fingerprint THEN 'ALTERED'
    END AS kind
  FROM ${expected} AS expected
  FULL OUTER JOIN (
    SELECT row_key, min(stream) AS stream, min(log_position) AS log_position,
      min(fingerprint) AS fingerprint, count(*) AS copies
    FROM ${found}
    GROUP BY row_key
  ) AS found ON expected.row_key = found.row_key
)
WHERE kind IS NOT NULL
GROUP BY kind
ORDER BY first
