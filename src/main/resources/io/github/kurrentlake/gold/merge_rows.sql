-- A row whose content is what it was is not written.
MERGE INTO ${gold} AS held
USING ${rows} AS fresh
ON ${key}
WHEN MATCHED AND fresh.is_gone THEN DELETE
WHEN MATCHED AND NOT (${same}) THEN UPDATE SET ${set}
WHEN NOT MATCHED AND NOT fresh.is_gone THEN INSERT (${columns}) VALUES (${values})
