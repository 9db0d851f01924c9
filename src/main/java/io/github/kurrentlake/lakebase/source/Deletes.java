package io.github.kurrentlake.lakebase.source;

/** Where the modes XMIN and XID8, to which a deleted row is invisible, learn of deletions. */
public enum Deletes {
  /** Nowhere. */
  IGNORED,
  /** From the table that a trigger fills; see {@link ChangeTracking#keepTombstones}. */
  TOMBSTONES
}
