-- A row that is the same already is not written again: no dead row, no work for its indexes.
INSERT INTO ${target} AS t (${columns})
SELECT ${columns} FROM ${staging} s WHERE NOT s.${gone}
ON CONFLICT (${key}) DO ${update}
