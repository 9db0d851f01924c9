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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Rows of a table that others shall take the place of, by their keys, in one commit: a reader sees
 * all of the old ones or all of the new ones. Rows with other keys, such as those that a task
 * writes meanwhile, stay as they are. It can be repeated.
 */
final class RowSwitch implements AutoCloseable {
  private static final SqlTemplate SWITCH = SqlTemplate.beside(RowSwitch.class, "switch_rows.sql");
  private static final String ROWS = "kurrentlake_switched";
  private static final String GOES = "kurrentlake_goes";
  private static final String KIND = "kurrentlake_kind";
  private static final String POSITION = "log_position";

  private final SparkSession spark;
  private final Table table;
  private final String[] key;
  private final Dataset<Row> wanted;
  private final Dataset<Row> compared;
  private final Counts counts;

  /**
   * How many rows there are of each kind.
   *
   * @param first the least position of those that differ, zero when none does
   * @param last the greatest
   */
  record Counts(long same, long changed, long came, long gone, long first, long last) {
    boolean differs() {
      return changed + came + gone > 0;
    }
  }

  private RowSwitch(
      SparkSession spark, Table table, String[] key, Dataset<Row> wanted, Dataset<Row> compared) {
    this.spark = spark;
    this.table = table;
    this.key = key;
    this.wanted = wanted;
    this.compared = compared.persist(StorageLevel.MEMORY_AND_DISK());
    this.counts = counted(this.compared);
  }

  /**
   * Compares rows.
   *
   * @param stored the rows that may go
   * @param wanted those that shall be there, no key twice
   * @param ignored columns in which they may differ
   */
  static RowSwitch between(
      SparkSession spark,
      Table table,
      List<String> keyColumns,
      Dataset<Row> stored,
      Dataset<Row> wanted,
      List<String> ignored) {
    var key = keyColumns.toArray(String[]::new);
    var fingerprint =
        Fingerprint.of(
            Stream.of(wanted.columns())
                .filter(name -> !ignored.contains(name))
                .map(name -> col(Sql.identifier(name)))
                .toArray(Column[]::new));
    var before =
        stored
            .select(and(columns(key), fingerprint.as("before")))
            .groupBy(columns(key))
            .agg(count(lit(1)).as("copies"), min("before").as("before"));
    var after = wanted.select(and(columns(key), fingerprint.as("after")));
    var kind =
        when(col("copies").isNull(), "came")
            .when(col("after").isNull(), "gone")
            .when(col("copies").gt(1).or(not(col("before").eqNullSafe(col("after")))), "changed")
            .otherwise("same");
    var compared = before.join(after, key, "full_outer").select(and(columns(key), kind.as(KIND)));
    return new RowSwitch(spark, table, key, wanted, compared);
  }

  /**
   * Rows that are known to differ.
   *
   * @param going keys of those that go, none twice
   * @param wanted rows that come, with some of these keys
   */
  static RowSwitch of(
      SparkSession spark,
      Table table,
      List<String> keyColumns,
      Dataset<Row> going,
      Dataset<Row> wanted) {
    var key = keyColumns.toArray(String[]::new);
    return new RowSwitch(
        spark, table, key, wanted, going.select(and(columns(key), lit("changed").as(KIND))));
  }

  private static Counts counted(Dataset<Row> compared) {
    var isDifferent = col(KIND).notEqual("same");
    var row =
        compared
            .agg(
                count_if(col(KIND).equalTo("same")),
                count_if(col(KIND).equalTo("changed")),
                count_if(col(KIND).equalTo("came")),
                count_if(col(KIND).equalTo("gone")),
                coalesce(min(when(isDifferent, col(POSITION))), lit(0L)),
                coalesce(max(when(isDifferent, col(POSITION))), lit(0L)))
            .head();
    return new Counts(
        row.getLong(0),
        row.getLong(1),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5));
  }

  Counts counts() {
    return counts;
  }

  /**
   * In how many of the changed rows a column differs, by its name.
   *
   * @param stored the rows that were compared
   */
  Map<String, Long> columnsThatDiffer(Dataset<Row> stored) {
    var differing = new HashMap<String, Long>();
    if (counts.changed() == 0) {
      return differing;
    }
    var names = wanted.columns();
    var changed = compared.filter(col(KIND).equalTo("changed")).select(columns(key));
    var before = stored.join(changed, key, "left_semi").dropDuplicates(key).as("before");
    var after = wanted.join(changed, key, "left_semi").as("after");
    var isSame =
        Stream.of(key)
            .map(name -> col("before." + name).equalTo(col("after." + name)))
            .reduce(Column::and)
            .orElseThrow();
    var perColumn =
        Stream.of(names)
            .map(Sql::identifier)
            .map(name -> count_if(not(col("before." + name).eqNullSafe(col("after." + name)))))
            .toArray(Column[]::new);
    var row = before.join(after, isSame).agg(lit(0), perColumn).head();
    for (var i = 0; i < names.length; i++) {
      if (row.getLong(i + 1) > 0) {
        differing.put(names[i], row.getLong(i + 1));
      }
    }
    return differing;
  }

  /**
   * Does it, unless nothing differs.
   *
   * @param note what the commit is noted with
   */
  void apply(String note) {
    if (!counts.differs()) {
      return;
    }
    var differing = compared.filter(col(KIND).notEqual("same")).select(columns(key));
    differing
        .withColumn(GOES, lit(true))
        .unionByName(wanted.join(differing, key, "left_semi").withColumn(GOES, lit(false)), true)
        .createOrReplaceTempView(ROWS);
    var columns = List.of(wanted.columns());
    var statement =
        SWITCH.fill(
            Map.of(
                "table", table.sqlName(),
                "rows", ROWS,
                "first", counts.first(),
                "last", counts.last(),
                "key",
                    Stream.of(key)
                        .map(name -> "stored.%1$s = came.%1$s".formatted(name))
                        .collect(Collectors.joining(" AND ")),
                "columns", Sql.list(columns),
                "values", Sql.list(columns, "came.")));
    spark.conf().set(Commit.USER_METADATA, note);
    try {
      Conflicts.retried(() -> spark.sql(statement).head());
    } finally {
      spark.conf().set(Commit.USER_METADATA, Commit.OURS);
    }
  }

  private static Column[] columns(String[] names) {
    return Stream.of(names).map(name -> col(name)).toArray(Column[]::new);
  }

  private static Column[] and(Column[] columns, Column last) {
    return Stream.concat(Stream.of(columns), Stream.of(last)).toArray(Column[]::new);
  }

  @Override
  public void close() {
    compared.unpersist();
  }
}
