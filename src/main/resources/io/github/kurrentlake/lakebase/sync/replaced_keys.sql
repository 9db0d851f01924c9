-- A key that went in one row and came in another is one that is updated, not deleted.
DELETE FROM ${staging} s USING ${staging} c
WHERE s.${deleted} AND NOT c.${deleted} AND ${came}
