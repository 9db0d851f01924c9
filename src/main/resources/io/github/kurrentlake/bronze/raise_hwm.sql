MERGE INTO ${hwm} AS hwm
USING (SELECT ${pipeline} AS pipeline_name, CAST(${position} AS BIGINT) AS last_position) AS reached
ON hwm.pipeline_name = reached.pipeline_name
WHEN MATCHED AND hwm.last_position < reached.last_position THEN UPDATE SET
  last_position = reached.last_position,
  updated_at = current_timestamp()
WHEN NOT MATCHED THEN INSERT (pipeline_name, last_position, updated_at)
  VALUES (reached.pipeline_name, reached.last_position, current_timestamp())
