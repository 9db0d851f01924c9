-- A key that came to be once more than it went, and is there already, is in the source twice.
SELECT count(*)
FROM (SELECT ${key}, sum(${net}) AS net FROM ${staging} GROUP BY ${key} HAVING sum(${net}) > 0) s
WHERE s.net > 1 OR EXISTS (SELECT FROM ${target} t WHERE ${same})
