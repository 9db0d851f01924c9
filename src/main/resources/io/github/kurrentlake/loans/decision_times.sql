SELECT
  element_at(array('10 s', '1 min', '10 min', '1 h', '6 h', '1 day', '7 days', 'more'), time)
    AS `Decided within`,
  count(*) AS `Loans`
FROM (
  SELECT
    CASE
      WHEN seconds <= 10 THEN 1
      WHEN seconds <= 60 THEN 2
      WHEN seconds <= 600 THEN 3
      WHEN seconds <= 3600 THEN 4
      WHEN seconds <= 6 * 3600 THEN 5
      WHEN seconds <= 24 * 3600 THEN 6
      WHEN seconds <= 7 * 24 * 3600 THEN 7
      ELSE 8
    END AS time
  FROM (
${decision_seconds}  )
  WHERE seconds IS NOT NULL
)
GROUP BY time
ORDER BY time
