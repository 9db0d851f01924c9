(SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next_transaction OFFSET 0) AS s
CROSS JOIN ${table} AS t
CROSS JOIN LATERAL (
  -- Of all numbers with the 32 bits of xmin, the last one before the next transaction.
  SELECT s.next_transaction
         - ((s.next_transaction - t.xmin::text::bigint) & 4294967295) AS xid) AS x
