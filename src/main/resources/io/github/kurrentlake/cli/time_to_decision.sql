-- From a loan's request to its first final decision, in seconds.
SELECT count(*), percentile(seconds, 0.5), percentile(seconds, 0.9)
FROM (
  SELECT (unix_micros(min(valid_from) FILTER (WHERE status RLIKE '(Approved|Denied)$'))
    - unix_micros(min(valid_from) FILTER (WHERE status = 'LoanRequested'))) / 1e6D AS seconds
  FROM ${history}
  GROUP BY stream, incarnation
)
WHERE seconds IS NOT NULL
