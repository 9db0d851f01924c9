-- A key that came and went as often, went last, and is there: it was in the source twice for a while.
SELECT EXISTS (
  SELECT FROM ${staging} s JOIN ${target} t ON ${same} WHERE s.${gone} AND s.${net} = 0
)
