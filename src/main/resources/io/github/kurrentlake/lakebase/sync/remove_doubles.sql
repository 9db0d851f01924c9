-- A Spark task that ran twice copied its rows twice; all but one of each go.
DELETE FROM ${staging} s
USING (
  SELECT min(ctid) AS kept, ${key} FROM ${staging} GROUP BY ${key} HAVING count(*) > 1
) d
WHERE ${same} AND s.ctid <> d.kept
