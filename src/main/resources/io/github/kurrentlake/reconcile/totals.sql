-- Two digests by day and event type, side by side.
SELECT coalesce(expected.day, found.day) AS day,
  coalesce(expected.events, 0L) AS expected,
  coalesce(found.events, 0L) AS found,
  expected.events <=> found.events AND expected.hash <=> found.hash AS same,
  coalesce(expected.late, 0L) AS late,
  expected.first_late,
  expected.last_late
FROM ${expected} AS expected
FULL OUTER JOIN ${found} AS found
  ON expected.day = found.day AND expected.schema_name = found.schema_name
