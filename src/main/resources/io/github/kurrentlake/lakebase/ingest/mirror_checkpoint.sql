MERGE INTO ${checkpoints} AS known
USING (
  SELECT ${source_id} AS source_id, ${source_table} AS source_table, ${mode} AS mode,
         ${position} AS position,
         get_json_object(${position}, '$.system_identifier') AS system_identifier,
         CAST(${rows} AS BIGINT) AS rows, current_timestamp() AS updated_at
) AS reached
ON known.source_id = reached.source_id
WHEN MATCHED THEN UPDATE SET *
WHEN NOT MATCHED THEN INSERT *
