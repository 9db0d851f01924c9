-- A row that is the same already is not written again: no dead row, no work for its indexes.
UPDATE ${target} t SET ${sets}
FROM ${staging} s
WHERE NOT s.${deleted} AND ${same} AND ROW(${old}) IS DISTINCT FROM ROW(${new})
