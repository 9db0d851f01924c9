-- A MERGE cannot delete a row and insert another in its place, unless they come as two rows: one that
-- goes, for every key that differs, and one that comes. What another run has written under these keys
-- meanwhile goes too.
MERGE INTO ${table} AS stored
USING ${rows} AS came
ON came.kurrentlake_goes
  AND ${key}
  AND stored.log_position BETWEEN ${first} AND ${last}
WHEN MATCHED THEN DELETE
WHEN NOT MATCHED AND NOT came.kurrentlake_goes THEN INSERT (${columns}) VALUES (${values})
