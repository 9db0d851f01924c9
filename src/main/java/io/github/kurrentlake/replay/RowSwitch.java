package io.github.kurrentlake.replay;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import io.github.kurrentlake.table.Commit;
import io.github.kurrentlake.table.Conflicts;
import io.github.kurrentlake.table.Fingerprint;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Rows of a table that others shall take the place of, by their positions, in one commit: a reader
 * sees all of the old ones or all of the new ones. Rows at other positions, such as those that a
 * task writes meanwhile, stay as they are. It can be repeated.
 */
final class RowSwitch implements AutoCloseable {
  private static final SqlTemplate SWITCH = SqlTemplate.beside(RowSwitch.class, "switch_rows.sql");
  private static final String ROWS = "kurrentlake_switched";
  private static final String GOES = "kurrentlake_goes";
  private static final String POSITION = "log_position";
  private static final String[] BY_POSITION = {POSITION};

  private final SparkSession spark;
  private final Table table;
  private final String condition;
  private final Dataset<Row> wanted;
  private final Dataset<Row> differing;

  private RowSwitch(
      SparkSession spark,
      Table table,
      String condition,
      Dataset<Row> wanted,
      Dataset<Row> differing) {
    this.spark = spark;
    this.table = table;
    this.condition = condition;
    this.wanted = wanted;
    this.differing = differing.persist(StorageLevel.MEMORY_AND_DISK());
  }

  /**
   * Compares rows.
   *
   * @param stored the rows that may go
   * @param wanted those that shall be there, no position twice
   * @param ignored columns in which they may differ
   */
  static RowSwitch between(
      SparkSession spark,
      Table table,
      Dataset<Row> stored,
      Dataset<Row> wanted,
      List<String> ignored) {
    var fingerprint =
        Fingerprint.of(
            Stream.of(wanted.columns())
                .filter(name -> !ignored.contains(name))
                .map(name -> col(Sql.identifier(name)))
                .toArray(Column[]::new));
    var before =
        stored
            .select(col(POSITION), fingerprint.as("before"))
            .groupBy(POSITION)
            .agg(count(lit(1)).as("copies"), min("before").as("before"));
    var after = wanted.select(col(POSITION), fingerprint.as("after"));
    var kind =
        when(col("copies").isNull(), "came")
            .when(col("after").isNull(), "gone")
            .when(col("copies").gt(1).or(not(col("before").eqNullSafe(col("after")))), "changed");
    var differing =
        before
            .join(after, BY_POSITION, "full_outer")
            .select(col(POSITION), kind.as("kind"))
            .filter("kind IS NOT NULL");
    return new RowSwitch(spark, table, "true", wanted, differing);
  }

  /**
   * Rows that are known to differ.
   *
   * @param condition of the rows that may go, beside their positions, on a row {@code stored}
   * @param positions of those that go, with {@code log_position}, none twice
   * @param wanted rows that come, at some of these positions
   */
  static RowSwitch of(
      SparkSession spark,
      Table table,
      String condition,
      Dataset<Row> positions,
      Dataset<Row> wanted) {
    return new RowSwitch(
        spark, table, condition, wanted, positions.withColumn("kind", lit("changed")));
  }

  /** How many rows differ, and in what. */
  Replayed counted(Dataset<Row> stored, boolean isExplained) {
    var counts =
        differing
            .agg(
                count_if(col("kind").equalTo("changed")),
                count_if(col("kind").equalTo("came")),
                count_if(col("kind").equalTo("gone")))
            .head();
    var changed = counts.getLong(0);
    var came = counts.getLong(1);
    var gone = counts.getLong(2);
    return new Replayed(
        table.name().toString(),
        wanted.count() - changed - came,
        changed,
        came,
        gone,
        changed > 0 ? columns(stored) : Map.of(),
        isExplained || changed + came + gone == 0);
  }

  private Map<String, Long> columns(Dataset<Row> stored) {
    var names = wanted.columns();
    var changed = differing.filter("kind = 'changed'").select(POSITION);
    var before = stored.join(changed, BY_POSITION, "left_semi").dropDuplicates(POSITION).as("b");
    var after = wanted.join(changed, BY_POSITION, "left_semi").as("a");
    var counts =
        Stream.of(names)
            .map(Sql::identifier)
            .map(name -> count_if(not(col("b." + name).eqNullSafe(col("a." + name)))))
            .toArray(Column[]::new);
    var row =
        before
            .join(after, col("b." + POSITION).equalTo(col("a." + POSITION)))
            .agg(lit(0), counts)
            .head();
    var differing = new HashMap<String, Long>();
    for (var i = 0; i < names.length; i++) {
      if (row.getLong(i + 1) > 0) {
        differing.put(names[i], row.getLong(i + 1));
      }
    }
    return differing;
  }

  /**
   * Does it.
   *
   * @param note what the commit is noted with
   * @return the number of the commit; empty when nothing was to do
   */
  OptionalLong apply(String note) {
    var range =
        differing.agg(coalesce(min(POSITION), lit(0L)), coalesce(max(POSITION), lit(-1L))).head();
    if (range.getLong(1) < range.getLong(0)) {
      return noted(note);
    }
    var columns = List.of(wanted.columns());
    differing
        .select(lit(true).as(GOES), col(POSITION))
        .unionByName(
            wanted
                .join(differing.select(POSITION), BY_POSITION, "left_semi")
                .withColumn(GOES, lit(false)),
            true)
        .createOrReplaceTempView(ROWS);
    spark.conf().set(Commit.USER_METADATA, note);
    try {
      Conflicts.retried(
          () ->
              spark
                  .sql(
                      SWITCH.fill(
                          Map.of(
                              "table", table.sqlName(),
                              "rows", ROWS,
                              "first", range.getLong(0),
                              "last", range.getLong(1),
                              "condition", condition,
                              "columns", Sql.list(columns),
                              "values", Sql.list(columns, "came."))))
                  .head());
    } finally {
      spark.conf().set(Commit.USER_METADATA, Commit.OURS);
    }
    return noted(note);
  }

  /** Also one that an earlier attempt made and never learnt of. */
  private OptionalLong noted(String note) {
    return Commit.noted(spark, table, note)
        .map(commit -> OptionalLong.of(commit.version()))
        .orElseGet(OptionalLong::empty);
  }

  @Override
  public void close() {
    differing.unpersist();
  }
}
