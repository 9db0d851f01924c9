SELECT (unix_micros(min(valid_from) FILTER (WHERE status RLIKE '(Approved|Denied)$'))
  - unix_micros(min(valid_from) FILTER (WHERE status = 'LoanRequested'))) / 1e6D AS seconds
FROM ${history}
GROUP BY stream, incarnation
