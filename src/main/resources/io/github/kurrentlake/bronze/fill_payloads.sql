-- Of events that are read again: a payload that KurrentDB did not give before, and never the other
-- way round.
WHEN MATCHED
  AND coalesce(stored.data, '') IN ('', '{}') AND coalesce(stored.metadata, '') IN ('', '{}')
  AND NOT (coalesce(arrived.data, '') IN ('', '{}') AND coalesce(arrived.metadata, '') IN ('', '{}'))
  THEN UPDATE SET data = arrived.data, metadata = arrived.metadata
