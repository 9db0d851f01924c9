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
import java.util.OptionalLong;
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
  private static final String CAME = "_change_type IN ('insert', 'update_postimage')";
  private static final String GONE = "__gone";
  private static final String NET = "__net";

  /**
   * The newest version now.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-305 when there is no such table
   */
  static SourceTable open(SparkSession spark, Lakehouse lakehouse, SyncedTable synced) {
    var table = lakehouse.table(synced.source()).existing(spark);
    var detail = SourceDetail.of(spark, table);
    var changeFeed = detail.properties().getOrDefault(CHANGE_FEED, "false");
    return new SourceTable(
        spark, table, detail.id(), detail.version(), Boolean.parseBoolean(changeFeed));
  }

  String name() {
    return table.name().toString();
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

  SourceCommits commitsAfter(long version) {
    return SourceCommits.between(spark, table, version, this.version);
  }

  /**
   * What changed after a version, as {@link ChangedRows} takes it. After an overwrite the two
   * versions are compared, so that only what differs leaves Spark; else the change feed tells.
   *
   * <p>With a timeseries the keys' rows are read from the table itself, since a change may bring a
   * row that is older than one that is there.
   *
   * @param commits those after the version
   */
  SourceChanges changes(
      SyncedTable synced, SyncedColumns columns, long after, SourceCommits commits) {
    var timeseries = synced.timeseriesKey();
    if (timeseries.isPresent()) {
      return SourceChanges.ofFeed(
          marked(latestOfChanged(feed(after), columns, timeseries.get()), columns));
    } else if (commits.replaced()) {
      var rows = new VersionComparison(rows(after), rows(), columns).rows(GONE, NET);
      return new SourceChanges(
          marked(rows, columns), OptionalLong.of(rows().count() - rows(after).count()));
    }
    var feed = feed(after);
    var rows = version == after + 1 ? rowChanges(feed, columns) : lastChanges(feed, columns);
    return SourceChanges.ofFeed(marked(rows, columns));
  }

  private static Dataset<Row> marked(Dataset<Row> changes, SyncedColumns columns) {
    var texts = Stream.concat(Stream.of(texts(columns)), Stream.of(col(GONE), col(NET)));
    return changes.select(texts.toArray(Column[]::new));
  }

  private Dataset<Row> rows() {
    return rows(version);
  }

  private Dataset<Row> rows(long version) {
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
   * The rows of one commit, which need no order: of a key that is in the table once, at most one
   * went and one came. So nothing is shuffled or sorted.
   */
  private static Dataset<Row> rowChanges(Dataset<Row> feed, SyncedColumns columns) {
    var rows =
        Stream.concat(
            Stream.of(keyAndWhatCame(columns)),
            Stream.of(
                expr("NOT %s AS %s".formatted(CAME, GONE)),
                expr("IF(%s, 1L, -1L) AS %s".formatted(CAME, NET))));
    return feed.select(rows.toArray(Column[]::new));
  }

  /**
   * The last row of every key in several commits. A row that came in a commit stands behind those
   * that went in it, as in an overwrite.
   */
  private static Dataset<Row> lastChanges(Dataset<Row> feed, SyncedColumns columns) {
    var rows =
        Stream.concat(
            Stream.of(keyAndWhatCame(columns)),
            Stream.of(expr(CAME + " AS __came"), col("_commit_version")));
    var key = Window.partitionBy(columns(columns.key()));
    var order = key.orderBy(col("_commit_version").desc(), col("__came").desc());
    return feed.select(rows.toArray(Column[]::new))
        .withColumn("__nth", row_number().over(order))
        .withColumn(NET, sum(expr("IF(__came, 1, -1)")).over(key))
        .filter("__nth = 1")
        .withColumn(GONE, expr("NOT __came"));
  }

  /** The values of a row that went are not looked at: what Postgres cannot hold may go. */
  private static Column[] keyAndWhatCame(SyncedColumns columns) {
    var values =
        columns.others().stream()
            .map(column -> Sql.identifier(column.name().name()))
            .map(name -> expr("IF(%s, %s, NULL) AS %s".formatted(CAME, name, name)));
    return Stream.concat(Stream.of(columns(columns.key())), values).toArray(Column[]::new);
  }

  private Dataset<Row> latestOfChanged(
      Dataset<Row> feed, SyncedColumns columns, String timeseries) {
    var keys = feed.select(columns(columns.key())).distinct();
    var same = columns.key().stream().map(column -> column.name().name()).toArray(String[]::new);
    var changed = rows().join(keys, same, "left_semi");
    var found = latest(changed, columns, timeseries).withColumn("__found", expr("true"));
    return keys.join(found, same, "left")
        .withColumn(GONE, expr("__found IS NULL"))
        .withColumn(NET, expr("CAST(NULL AS BIGINT)"));
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
