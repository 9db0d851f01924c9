MERGE INTO ${events} tgt
USING incoming src
ON tgt.log_position = src.log_position
WHEN NOT MATCHED THEN INSERT (log_position, stream, category, schema_name, created_at, data, ingested_at)
                      VALUES (src.log_position, src.stream, src.category, src.schema_name, src.created_at, src.data, src.ingested_at)
