-- Insert-only, so that an event lands once however often it comes, and the source is read once. It
-- reads the range it writes, so that Delta refuses it when another run landed rows there meanwhile,
-- which it would not do for an append. The bounds let Delta skip the files of other ranges: above
-- all that has landed there is nothing to read.
MERGE INTO ${silver} AS landed
USING ${rows} AS arrived
ON landed.log_position = arrived.log_position
  AND landed.log_position > ${above}
  AND landed.log_position <= ${through}
WHEN NOT MATCHED THEN INSERT (${columns}) VALUES (${values})
