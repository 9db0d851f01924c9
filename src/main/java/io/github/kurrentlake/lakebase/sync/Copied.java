package io.github.kurrentlake.lakebase.sync;

import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * How many rows a task or a run has copied, and by that which statements have nothing to do.
 *
 * @param rows all of them; those of a whole table are counted here only
 * @param gone keys that went
 * @param known rows of keys that Postgres may hold
 * @param fresh rows of keys that Postgres may lack
 */
record Copied(long rows, long gone, long known, long fresh) {
  static final Copied NOTHING = new Copied(0, 0, 0, 0);

  /** A row of a whole table. */
  static final Copied ROW = new Copied(1, 0, 0, 0);

  /**
   * A change as {@link ChangedRows} gives it.
   *
   * @param net null where a timeseries tells which row counts
   */
  static Copied change(boolean gone, Long net) {
    if (gone) {
      return new Copied(1, 1, 0, 0);
    } else if (net == null) {
      return new Copied(1, 0, 1, 1);
    }
    return net > 0 ? new Copied(1, 0, 0, 1) : new Copied(1, 0, 1, 0);
  }

  static Encoder<Row> encoder() {
    return Encoders.row(
        new StructType()
            .add("rows", DataTypes.LongType)
            .add("gone", DataTypes.LongType)
            .add("known", DataTypes.LongType)
            .add("fresh", DataTypes.LongType));
  }

  /** What {@link #toRow} gave. */
  static Copied of(Row row) {
    return new Copied(row.getLong(0), row.getLong(1), row.getLong(2), row.getLong(3));
  }

  /** As a task sends it to the driver; Spark's own encoders take public classes only. */
  Row toRow() {
    return RowFactory.create(rows, gone, known, fresh);
  }

  Copied plus(Copied other) {
    return new Copied(
        rows + other.rows, gone + other.gone, known + other.known, fresh + other.fresh);
  }
}
