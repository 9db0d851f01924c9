-- An event is never overwritten. Without a clause between the two it is insert-only, so that the
-- source is read once. The bounds on the target let Delta skip the files that end before the batch.
MERGE INTO ${events} AS stored
USING ${batch} AS arrived
ON stored.log_position = arrived.log_position
  AND stored.log_position > ${above}
  AND stored.log_position <= ${through}
${filled}WHEN NOT MATCHED THEN INSERT (${columns}) VALUES (${values})
