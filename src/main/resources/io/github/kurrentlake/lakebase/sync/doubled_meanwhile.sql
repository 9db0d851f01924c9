-- A key that came and went as often, went last, and is there: it was in the source twice for a while.
SELECT EXISTS (
  SELECT
  FROM (
    SELECT ${key}, sum(${net}) AS net
    FROM ${staging}
    WHERE ${deleted}
    GROUP BY ${key}
    HAVING sum(${net}) = 0
  ) s
  JOIN ${target} t ON ${same}
)
