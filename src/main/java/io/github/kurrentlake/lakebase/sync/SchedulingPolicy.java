package io.github.kurrentlake.lakebase.sync;

/** How a synced table is kept up to date; the names are those of Databricks' synced tables. */
public enum SchedulingPolicy {
  /** The whole table each time that it has a new version. Needs no change data feed. */
  SNAPSHOT,
  /** What changed since the last run, once. Needs {@code delta.enableChangeDataFeed}. */
  TRIGGERED,
  /** As {@link #TRIGGERED}, again and again until it is stopped. */
  CONTINUOUS
}
