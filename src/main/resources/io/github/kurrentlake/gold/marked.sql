SELECT *, CASE WHEN ${begins} THEN 'begin' WHEN ${ends} THEN 'end' END AS mark
FROM (
  ${parts}
)
