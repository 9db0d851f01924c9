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
 * @param overlap bytes of the log below the high-water mark that are read again, for events of
 *     legacy transactions, which can become visible there
 */
public record BronzeOptions(
    Lakehouse lakehouse,
    KurrentDb kurrentdb,
    String category,
    String pipeline,
    long batchSize,
    long overlap) {
  /** One commit of this many events keeps Delta's fixed cost small and a lost batch cheap. */
  public static final long DEFAULT_BATCH_SIZE = 1_000_000;

  /** Options that read nothing again. */
  public BronzeOptions(
      Lakehouse lakehouse, KurrentDb kurrentdb, String category, String pipeline, long batchSize) {
    this(lakehouse, kurrentdb, category, pipeline, batchSize, 0);
  }

  /** The same with an overlap. */
  public BronzeOptions overlapping(long bytes) {
    return new BronzeOptions(lakehouse, kurrentdb, category, pipeline, batchSize, bytes);
  }

  /** The same of another category. */
  BronzeOptions of(String otherCategory) {
    return new BronzeOptions(lakehouse, kurrentdb, otherCategory, pipeline, batchSize, overlap);
  }

  /** The same into another lakehouse. */
  public BronzeOptions in(Lakehouse other) {
    return new BronzeOptions(other, kurrentdb, category, pipeline, batchSize, overlap);
  }
}
