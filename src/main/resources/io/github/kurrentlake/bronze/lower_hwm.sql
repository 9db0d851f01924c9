UPDATE ${hwm} SET
  last_position = CAST(${position} AS BIGINT),
  updated_at = current_timestamp()
WHERE pipeline_name = ${pipeline} AND last_position > ${position}
