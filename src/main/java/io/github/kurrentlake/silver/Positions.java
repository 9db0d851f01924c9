package io.github.kurrentlake.silver;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * A range of the log by which Delta finds the files that matter.
 *
 * @param above every position is greater than this one
 * @param through no position is greater than this one
 */
record Positions(long above, long through) {
  private static final Column POSITION = functions.col("log_position");

  /** Below every position. */
  static final long BEFORE_THE_LOG = -1;

  static Positions above(long position) {
    return new Positions(position, Long.MAX_VALUE);
  }

  /** The range and the number of some events. */
  record Spanned(Positions positions, long events) {}

  /** What these events span; for no events an empty range. */
  static Spanned of(Dataset<Row> events) {
    var row =
        events
            .agg(
                functions.min(POSITION), functions.max(POSITION), functions.count(functions.lit(1)))
            .head();
    return row.isNullAt(0)
        ? new Spanned(new Positions(BEFORE_THE_LOG, BEFORE_THE_LOG), 0)
        : new Spanned(new Positions(row.getLong(0) - 1, row.getLong(1)), row.getLong(2));
  }

  /** The rows in the range. */
  Column hold() {
    return POSITION.gt(above).and(POSITION.leq(through));
  }
}
