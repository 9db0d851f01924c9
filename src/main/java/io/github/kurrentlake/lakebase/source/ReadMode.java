package io.github.kurrentlake.lakebase.source;

/** How a stream finds what is new in a table. */
public enum ReadMode {
  /**
   * By the transaction that wrote a row, as every table's {@code xmin} tells it. Nothing is lost,
   * whatever clocks and long transactions do; every batch reads the whole table in Postgres.
   */
  XMIN,
  /** The same by a column that a trigger fills, with an index; see {@link ChangeTracking}. */
  XID8,
  /**
   * By a column that only grows, such as a time of change. A row that becomes visible with a value
   * below one that was read before is lost, unless lag or overlap reach that far.
   */
  MONOTONIC,
  /** By logical replication: every version and every deletion, in the order of the commits. */
  SLOT
}
