MERGE INTO ${hwm} tgt
USING (SELECT '${pipeline}' AS pipeline_name, CAST(${position} AS BIGINT) AS last_position) src
ON tgt.pipeline_name = src.pipeline_name
WHEN MATCHED THEN UPDATE SET last_position = src.last_position,
                             updated_at    = current_timestamp()
WHEN NOT MATCHED THEN INSERT (pipeline_name, last_position, updated_at)
                      VALUES (src.pipeline_name, src.last_position, current_timestamp())
