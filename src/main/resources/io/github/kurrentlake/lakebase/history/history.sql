-- All versions of the keys that changed, each with the version that ended it. The order of arrival
-- does not count, so that a batch that comes late or twice leaves the same table.
MERGE INTO ${history} h
USING (
  SELECT * FROM (
    SELECT
      ${columns}, _sequence, _pg_change_type, valid_from,
      lead(valid_from) OVER (PARTITION BY ${key} ORDER BY _sequence) AS valid_to,
      lead(_sequence) OVER (PARTITION BY ${key} ORDER BY _sequence) IS NULL AS is_current
    FROM (
      -- A version was there at the latest when its successors were.
      SELECT *, min(_timestamp) OVER (
          PARTITION BY ${key} ORDER BY _sequence
          ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS valid_from
      FROM (
        -- A row that was read twice is one version. One that was deleted and written again in the
        -- same transaction is there.
        SELECT b.*, row_number() OVER (
            PARTITION BY ${bronze_key}, b._sequence
            ORDER BY b._pg_change_type = 'delete', b._timestamp, b._position) AS nth_read
        FROM ${bronze} b LEFT SEMI JOIN ${changed} c ON ${same_as_changed}
      )
      WHERE nth_read = 1
    )
  )
  WHERE _pg_change_type <> 'delete'
) v
ON ${same_as_history} AND h._sequence = v._sequence
WHEN MATCHED AND (
    h.valid_from <> v.valid_from
    OR NOT h.valid_to <=> v.valid_to
    OR h.is_current <> v.is_current) THEN
  UPDATE SET h.valid_from = v.valid_from, h.valid_to = v.valid_to, h.is_current = v.is_current
WHEN NOT MATCHED THEN
  INSERT (${columns}, _sequence, valid_from, valid_to, is_current)
  VALUES (${new_columns}, v._sequence, v.valid_from, v.valid_to, v.is_current)
