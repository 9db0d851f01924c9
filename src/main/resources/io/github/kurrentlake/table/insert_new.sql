-- What is stored is never overwritten. Without a clause between the two it is insert-only, so that the
-- source is read once. It reads the range that it writes, so that Delta refuses it when another run
-- has inserted there meanwhile, which it would not do for an append. The bounds let Delta skip the
-- files of other ranges: above all that is stored there is nothing to read.
MERGE INTO ${table} AS stored
USING ${rows} AS arrived
ON stored.log_position = arrived.log_position
  AND stored.log_position > ${above}
  AND stored.log_position <= ${through}
${whenMatched}WHEN NOT MATCHED THEN INSERT (${columns}) VALUES (${values})
