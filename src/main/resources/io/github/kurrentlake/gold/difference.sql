SELECT stream, change, cell.column, cell.before, cell.after
FROM (
  SELECT coalesce(before.stream, after.stream) AS stream,
    CASE
      WHEN before.stream IS NULL THEN 'came'
      WHEN after.stream IS NULL THEN 'gone'
      ELSE 'changed'
    END AS change,
    explode(filter(array(${columns}), cell -> NOT cell.before <=> cell.after)) AS cell
  FROM kurrentlake_before AS before
  FULL OUTER JOIN kurrentlake_after AS after ON before.stream = after.stream
)
ORDER BY stream, cell.column
