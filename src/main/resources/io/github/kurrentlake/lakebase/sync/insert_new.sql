-- By joins, and not by ON CONFLICT row for row: nobody else writes to this table. If somebody does,
-- the key refuses it and the whole transaction.
INSERT INTO ${target} (${columns})
SELECT ${staged} FROM ${staging} s
WHERE NOT s.${deleted} AND NOT EXISTS (SELECT FROM ${target} t WHERE ${same})
