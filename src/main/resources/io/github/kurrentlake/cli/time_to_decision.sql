SELECT count(*), percentile(seconds, 0.5), percentile(seconds, 0.9)
FROM (
${decision_seconds})
WHERE seconds IS NOT NULL
