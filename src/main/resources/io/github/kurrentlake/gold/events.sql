-- A stream begins another life with an event that begins one, after an event that ends one, in a life
-- that had begun: a request that comes late, after the decision, begins nothing.
SELECT *,
  1 + count_if(mark = 'begin' AND mark_before = 'end' AND had_begun)
    OVER (PARTITION BY stream ORDER BY log_position) AS incarnation
FROM (
SELECT *,
  last(mark, true) OVER before AS mark_before,
  count_if(mark = 'begin') OVER before > 0 AS had_begun
FROM (
${marked}
)
WINDOW before AS
  (PARTITION BY stream ORDER BY log_position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
