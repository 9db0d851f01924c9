SELECT
  table_name AS `Table`,
  CASE WHEN is_clean THEN 'clean' ELSE 'differs' END AS `Verdict`,
  coalesce(kind, '') AS `How`,
  day AS `Day`,
  found AS `Events or rows`,
  waiting AS `Waiting`,
  last_position AS `Through position`,
  compared_at AS `Compared`
FROM ${reconciliation}
WHERE compared_at = (SELECT max(compared_at) FROM ${reconciliation})
ORDER BY is_clean, `How` DESC, `Table`
