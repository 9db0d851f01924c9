-- Change for change: a row of Bronze that Postgres did not commit once more is doubled, a committed
-- change that Bronze has once less is lost.
SELECT
  coalesce(sum(in_postgres), 0) AS committed,
  coalesce(sum(in_bronze), 0) AS bronze,
  coalesce(sum(greatest(in_postgres - in_bronze, 0)), 0) AS lost,
  coalesce(sum(greatest(in_bronze - in_postgres, 0)), 0) AS doubled
FROM (
  SELECT sum(in_postgres) AS in_postgres, sum(in_bronze) AS in_bronze
  FROM (
    SELECT xid, review_id, change, 1 AS in_postgres, 0 AS in_bronze FROM audit
    UNION ALL
    SELECT _pg_xid, review_id, _pg_change_type, 0, 1 FROM ${bronze}
  )
  GROUP BY xid, review_id, change
)
