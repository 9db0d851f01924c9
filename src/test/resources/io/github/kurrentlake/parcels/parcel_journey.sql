SELECT parcel_posted.recipient, parcel_posted.weight, parcel_scanned.hub AS last_hub,
  coalesce(parcel_closed.schema_name, IF(parcel_scanned IS NULL, 'posted', 'under way')) AS status,
  stream, log_position
FROM (${latest})
