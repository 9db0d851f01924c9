package io.github.kurrentlake.lakebase.sync;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.Table;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;

/**
 * The Delta table at one version, which does not change while it is read.
 *
 * @param id Delta's id of the table
 * @param hasChangeFeed whether its changes are kept
 */
record SourceTable(
    SparkSession spark, Table table, String id, long version, boolean hasChangeFeed) {
  private static final String CHANGE_FEED = "delta.enableChangeDataFeed";

  /**
   * The newest version now.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-305 when there is no such table
   */
  static SourceTable open(SparkSession spark, Lakehouse lakehouse, SyncedTable synced) {
    var table = lakehouse.table(synced.source()).existing(spark);
    var detail = spark.sql("DESCRIBE DETAIL " + table.sqlName()).select("id", "properties").head();
    var changeFeed = detail.<String, String>getJavaMap(1).getOrDefault(CHANGE_FEED, "false");
    return new SourceTable(
        spark, table, detail.getString(0), table.version(spark), Boolean.parseBoolean(changeFeed));
  }

  String name() {
    return table.declaration().qualifiedName();
  }

  /**
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-642 when it does not keep changes
   */
  void requireChangeFeed() {
    if (!hasChangeFeed) {
      throw ErrorCode.SOURCE_WITHOUT_CHANGES.error().with("table", name());
    }
  }

  SyncedColumns columns(SyncedTable synced) {
    return SyncedColumns.of(synced, rows().schema());
  }

  /** All rows as texts for COPY; of rows with the same key the latest, if there is a timeseries. */
  Dataset<Row> whole(SyncedTable synced, SyncedColumns columns) {
    var rows =
        synced.timeseriesKey().map(column -> latest(rows(), columns, column)).orElseGet(this::rows);
    return rows.select(texts(columns));
  }

  /**
   * One row per key that changed after a version: its columns as texts for COPY, {@code gone} for a
   * key that is no longer there, and {@code net}, how many more rows of the key came than went.
   *
   * <p>With a timeseries the keys' rows are read from the table itself, since a change may bring a
   * row that is older than one that is there.
   */
  Dataset<Row> changes(SyncedTable synced, SyncedColumns columns, long after) {
    var feed = feed(after);
    var last =
        synced.timeseriesKey().isEmpty()
            ? lastChanges(feed, columns)
            : latestOfChanged(feed, columns, synced.timeseriesKey().get());
    var texts =
        Stream.concat(
            Stream.of(texts(columns)),
            Stream.of(
                expr("CAST(CAST(__gone AS STRING) AS BINARY)"),
                expr("CAST(CAST(__net AS STRING) AS BINARY)")));
    return last.select(texts.toArray(Column[]::new));
  }

  private Dataset<Row> rows() {
    var reader = spark.read().format("delta").option("versionAsOf", version);
    return table.path().map(reader::load).orElseGet(() -> reader.table(table.sqlName()));
  }

  private Dataset<Row> feed(long after) {
    var reader =
        spark
            .read()
            .format("delta")
            .option("readChangeFeed", "true")
            .option("startingVersion", after + 1)
            .option("endingVersion", version);
    return table.path().map(reader::load).orElseGet(() -> reader.table(table.sqlName()));
  }

  /**
   * A row that came in a commit stands behind those that went in it, as in an overwrite. The values
   * of a row that went are not looked at: what Postgres cannot hold may go.
   */
  private static Dataset<Row> lastChanges(Dataset<Row> feed, SyncedColumns columns) {
    var came = "_change_type IN ('insert', 'update_postimage')";
    var values =
        columns.others().stream()
            .map(column -> Sql.identifier(column.name().name()))
            .map(name -> expr("IF(%s, %s, NULL) AS %s".formatted(came, name, name)));
    var rows =
        Stream.of(
                Stream.of(columns(columns.key())),
                values,
                Stream.of(expr(came + " AS __came"), col("_commit_version")))
            .flatMap(parts -> parts)
            .toArray(Column[]::new);
    var key = Window.partitionBy(columns(columns.key()));
    var order = key.orderBy(col("_commit_version").desc(), col("__came").desc());
    return feed.select(rows)
        .withColumn("__nth", row_number().over(order))
        .withColumn("__net", sum(expr("IF(__came, 1, -1)")).over(key))
        .filter("__nth = 1")
        .withColumn("__gone", expr("NOT __came"));
  }

  private Dataset<Row> latestOfChanged(
      Dataset<Row> feed, SyncedColumns columns, String timeseries) {
    var keys = feed.select(columns(columns.key())).distinct();
    var same = columns.key().stream().map(column -> column.name().name()).toArray(String[]::new);
    var changed = rows().join(keys, same, "left_semi");
    var found = latest(changed, columns, timeseries).withColumn("__found", expr("true"));
    return keys.join(found, same, "left")
        .withColumn("__gone", expr("__found IS NULL"))
        .withColumn("__net", expr("0"));
  }

  private static Dataset<Row> latest(Dataset<Row> rows, SyncedColumns columns, String timeseries) {
    var by = Sql.identifier(timeseries);
    // A struct is never null, so that a row without a time stands before all others.
    var order = "struct(%1$s IS NOT NULL, %1$s)".formatted(by);
    var values =
        columns.others().stream()
            .map(column -> column.name().name())
            .map(name -> col("__row." + Sql.identifier(name)).as(name));
    var unpacked = Stream.concat(Stream.of(columns(columns.key())), values);
    return rows.groupBy(columns(columns.key()))
        .agg(expr("max_by(%s, %s) AS __row".formatted(struct(columns), order)))
        .select(unpacked.toArray(Column[]::new));
  }

  private static String struct(SyncedColumns columns) {
    return columns.all().stream()
        .map(column -> Sql.identifier(column.name().name()))
        .collect(Collectors.joining(", ", "struct(", ")"));
  }

  private static Column[] columns(List<SyncedColumn> columns) {
    return columns.stream()
        .map(column -> col(Sql.identifier(column.name().name())))
        .toArray(Column[]::new);
  }

  private static Column[] texts(SyncedColumns columns) {
    return columns.all().stream().map(column -> expr(column.text())).toArray(Column[]::new);
  }
}
