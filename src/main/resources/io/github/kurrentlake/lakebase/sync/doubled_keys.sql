-- A key that came to be once more than it went, and is there already, is in the source twice.
SELECT count(*)
FROM ${staging} s
WHERE s.${net} > 1
  OR (s.${net} = 1 AND EXISTS (SELECT FROM ${target} t WHERE ${same}))
