package io.github.kurrentlake.lakebase.sync;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * How many rows a task or a run has copied, and by that which statements have nothing to do.
 *
 * @param rows all of them that Postgres got; those of a whole table are counted here only
 * @param deleted keys that went
 * @param updated rows of keys that Postgres may hold
 * @param inserted rows of keys that Postgres may not have
 * @param left rows of these that are left out for their text, so that their keys go
 * @param bad rows that {@link BadText} was asked for
 * @param examples what a few of these are
 */
record Copied(
    long rows,
    long deleted,
    long updated,
    long inserted,
    long left,
    long bad,
    List<String> examples) {
  static final Copied NOTHING = counting(0, 0, 0, 0);

  /** A row of a whole table. */
  static final Copied ROW = counting(1, 0, 0, 0);

  private static final int EXAMPLES = 3;

  private static Copied counting(long rows, long deleted, long updated, long inserted) {
    return new Copied(rows, deleted, updated, inserted, 0, 0, List.of());
  }

  /**
   * A change as {@link ChangedRows} gives it.
   *
   * @param net null where a timeseries tells which row counts
   */
  static Copied change(boolean deleted, Long net) {
    if (deleted) {
      return counting(1, 1, 0, 0);
    } else if (net == null) {
      return counting(1, 0, 1, 1);
    }
    return net > 0 ? counting(1, 0, 0, 1) : counting(1, 0, 1, 0);
  }

  /** The same of a row that Postgres does not get. */
  Copied unseen() {
    return new Copied(0, deleted, updated, inserted, left, bad, examples);
  }

  /** The same of a row that is left out for its text. */
  Copied leftOut(String example) {
    return new Copied(rows, deleted, updated, inserted, 1, 1, List.of(example));
  }

  /** The same of a row whose text was replaced. */
  Copied replaced(String example) {
    return new Copied(rows, deleted, updated, inserted, left, 1, List.of(example));
  }

  static Encoder<Row> encoder() {
    return Encoders.row(
        new StructType()
            .add("rows", DataTypes.LongType)
            .add("deleted", DataTypes.LongType)
            .add("updated", DataTypes.LongType)
            .add("inserted", DataTypes.LongType)
            .add("left", DataTypes.LongType)
            .add("bad", DataTypes.LongType)
            .add("examples", DataTypes.createArrayType(DataTypes.StringType)));
  }

  /** What {@link #toRow} gave. */
  static Copied of(Row row) {
    return new Copied(
        row.getLong(0),
        row.getLong(1),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5),
        row.getList(6));
  }

  /** As a task sends it to the driver; Spark's own encoders take public classes only. */
  Row toRow() {
    return RowFactory.create(
        rows, deleted, updated, inserted, left, bad, examples.toArray(String[]::new));
  }

  Copied plus(Copied other) {
    return new Copied(
        rows + other.rows,
        deleted + other.deleted,
        updated + other.updated,
        inserted + other.inserted,
        left + other.left,
        bad + other.bad,
        examples.isEmpty()
            ? other.examples
            : Stream.of(examples, other.examples).flatMap(List::stream).limit(EXAMPLES).toList());
  }
}
