-- Insert-only, so that an event is never overwritten and the source is read once. The bounds on the
-- target let Delta skip every file that ends before the batch begins.
MERGE INTO ${events} AS stored
USING ${batch} AS arrived
ON stored.log_position = arrived.log_position
  AND stored.log_position > ${above}
  AND stored.log_position <= ${through}
WHEN NOT MATCHED THEN INSERT (${columns}) VALUES (${values})
