-- A MERGE cannot delete a row and insert another at its position, unless they come as two rows: one
-- that goes, for every position that differs, and one that comes. What another run has written at
-- these positions meanwhile goes too.
MERGE INTO ${table} AS stored
USING ${rows} AS came
ON came.kurrentlake_goes
  AND stored.log_position = came.log_position
  AND stored.log_position BETWEEN ${first} AND ${last}
  AND ${condition}
WHEN MATCHED THEN DELETE
WHEN NOT MATCHED AND NOT came.kurrentlake_goes THEN INSERT (${columns}) VALUES (${values})
