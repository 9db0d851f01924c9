-- A row whose content is what it was is not written.
MERGE INTO ${gold} AS held
USING ${rows} AS computed
ON ${key}
WHEN MATCHED AND computed.is_deleted THEN DELETE
WHEN MATCHED AND NOT (${same}) THEN UPDATE SET ${set}
WHEN NOT MATCHED AND NOT computed.is_deleted THEN INSERT (${columns}) VALUES (${values})
