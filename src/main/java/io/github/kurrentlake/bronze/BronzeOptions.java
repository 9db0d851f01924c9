package io.github.kurrentlake.bronze;

import io.github.kurrentlake.source.KurrentDb;
import io.github.kurrentlake.table.Lakehouse;

/**
 * What Bronze reads and where it writes.
 *
 * @param lakehouse where the tables lie
 * @param kurrentdb the cluster
 * @param category the streams to read: the part of their names before the first '-'
 * @param pipeline the row of {@code ops.ingest_hwm} that holds the position
 * @param batchSize events per commit at most
 */
public record BronzeOptions(
    Lakehouse lakehouse, KurrentDb kurrentdb, String category, String pipeline, long batchSize) {

  /** The same into another lakehouse. */
  public BronzeOptions in(Lakehouse other) {
    return new BronzeOptions(other, kurrentdb, category, pipeline, batchSize);
  }
}
