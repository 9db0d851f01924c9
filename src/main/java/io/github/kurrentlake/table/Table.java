package io.github.kurrentlake.table;

import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.error.ErrorCode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A table at its place in a lakehouse, which need not exist yet. {@link Lakehouse#ensure} makes it.
 *
 * @param sqlName the quoted name by which SQL and DataFrames reach it
 * @param path its directory, by which streams reach a table that is in no catalog
 */
public record Table(QualifiedName name, String sqlName, Optional<String> path) {
  private static final SqlTemplate INSERT_NEW = SqlTemplate.beside(Table.class, "insert_new.sql");
  private static final String RETENTION = "delta.deletedFileRetentionDuration";

  /** Delta's own retention. */
  private static final String WEEK = "interval 1 week";

  private static final String ARRIVED = "kurrentlake_arrived";

  /**
   * What a MERGE did.
   *
   * @param updated rows that were there
   * @param inserted rows that were not
   */
  public record Merged(long updated, long inserted) {}

  /** Whether the table holds no row. */
  public boolean isEmpty(SparkSession spark) {
    return read(spark).isEmpty();
  }

  /** The table's rows as they were after a commit. */
  public Dataset<Row> asOfVersion(SparkSession spark, long version) {
    return spark.sql("SELECT * FROM %s VERSION AS OF %d".formatted(sqlName, version));
  }

  /**
   * The table's rows as a change left them. As long as no other has followed, they are read as they
   * lie now: OPTIMIZE may have put them into other files since, and VACUUM removed the first ones.
   */
  public Dataset<Row> after(SparkSession spark, Commit change) {
    var version = version(spark);
    return asOfVersion(
        spark, lastChange(spark).id().equals(change.id()) ? version : change.version());
  }

  /** The table's rows now. */
  public Dataset<Row> read(SparkSession spark) {
    return spark.table(sqlName);
  }

  /**
   * A stream of the table's content and then of its changes, with Delta's {@code _change_type} and
   * {@code _commit_version}.
   */
  public Dataset<Row> changes(SparkSession spark) {
    var reader = spark.readStream().format("delta").option("readChangeFeed", "true");
    return path.map(reader::load).orElseGet(() -> reader.table(sqlName));
  }

  /**
   * The rows that some commits changed, with Delta's {@code _change_type}; fails when Delta no
   * longer has all that these commits wrote.
   *
   * @param after the number of the last commit that is not asked for
   * @param through the number of the last that is
   */
  public Dataset<Row> changes(SparkSession spark, long after, long through) {
    var reader =
        spark
            .read()
            .format("delta")
            .option("readChangeFeed", "true")
            .option("startingVersion", after + 1)
            .option("endingVersion", through);
    return path.map(reader::load).orElseGet(() -> reader.table(sqlName));
  }

  /** Has Delta keep the table's changes from now on, which tables of older versions do not have. */
  public void keepChanges(SparkSession spark) {
    if (!"true".equals(properties(spark).get(TableDeclaration.CHANGE_FEED))) {
      setProperties(spark, Map.of(TableDeclaration.CHANGE_FEED, "true"));
    }
  }

  /** The table's properties as they are now. */
  public Map<String, String> properties(SparkSession spark) {
    return spark.sql("SHOW TBLPROPERTIES " + sqlName).collectAsList().stream()
        .collect(Collectors.toMap(row -> row.getString(0), row -> row.getString(1)));
  }

  /** Sets some of the table's properties, in one commit. */
  public void setProperties(SparkSession spark, Map<String, String> changed) {
    var list =
        changed.entrySet().stream()
            .map(entry -> Sql.literal(entry.getKey()) + " = " + Sql.literal(entry.getValue()))
            .collect(Collectors.joining(", "));
    spark.sql("ALTER TABLE %s SET TBLPROPERTIES (%s)".formatted(sqlName, list));
  }

  /** Appends rows in one commit. */
  public void append(Dataset<Row> rows) {
    append(rows, Map.of());
  }

  /**
   * Appends rows in one commit, once: nothing is written where the writer has already committed
   * this number or a greater one, and of two that do it at once one fails with a conflict.
   *
   * @param writer identifies who numbers these commits
   * @param note what the commit is noted with
   */
  public void appendOnce(Dataset<Row> rows, String writer, long number, String note) {
    append(
        rows,
        Map.of("txnAppId", writer, "txnVersion", Long.toString(number), "userMetadata", note));
  }

  private void append(Dataset<Row> rows, Map<String, String> options) {
    var delta = rows.write().format("delta").mode("append").options(options);
    if (path.isPresent()) {
      delta.save(path.get());
    } else {
      delta.saveAsTable(sqlName);
    }
  }

  /** For how many seconds VACUUM keeps files that the table no longer shows. */
  public long retentionSeconds(SparkSession spark) {
    var retention = properties(spark).getOrDefault(RETENTION, WEEK);
    return spark
        .sql(
            "SELECT unix_seconds(timestamp_seconds(0) + CAST(:retention AS INTERVAL))",
            Map.of("retention", retention))
        .head()
        .getLong(0);
  }

  /** Removes the files that the table has not shown for as long as its retention. */
  public void vacuum(SparkSession spark) {
    spark.sql("VACUUM " + sqlName);
  }

  /** The number of the table's last commit. */
  public long version(SparkSession spark) {
    return lastCommit(spark).version();
  }

  /** The table's last commit. */
  public Commit lastCommit(SparkSession spark) {
    return Commit.last(spark, this);
  }

  /** The last commit that changed what the table holds. */
  public Commit lastChange(SparkSession spark) {
    return Commit.lastChange(spark, this);
  }

  /**
   * Inserts the rows whose positions are new, in one commit. Two runs that insert at once conflict,
   * since each reads what it writes.
   *
   * @param rows within the range, all rows of a position or none, in a session in which no other
   *     thread does the same; with a clause for those that are there no position twice
   * @param above the end of the range before; files that end at or before it are not read
   * @param through the last position of the range
   */
  public Merged insertNew(Dataset<Row> rows, long above, long through) {
    return insertNew(rows, above, through, "");
  }

  /**
   * Does the same, and with rows that are there what a clause says.
   *
   * @param whenMatched {@code WHEN MATCHED ...}, of {@code stored} and {@code arrived}
   */
  public Merged insertNew(Dataset<Row> rows, long above, long through, String whenMatched) {
    rows.createOrReplaceTempView(ARRIVED);
    var columns = List.of(rows.columns());
    var merge =
        INSERT_NEW.fill(
            Map.of(
                "table", sqlName,
                "rows", ARRIVED,
                "above", above,
                "through", through,
                "whenMatched", whenMatched,
                "columns", Sql.list(columns),
                "values", Sql.list(columns, "arrived.")));
    // A column selected before the head would be a job of its own.
    var merged = rows.sparkSession().sql(merge).head();
    return new Merged(merged.getAs("num_updated_rows"), merged.getAs("num_inserted_rows"));
  }

  /**
   * This table, known to exist.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-305 when it does not
   */
  public Table existing(SparkSession spark) {
    missing(spark)
        .ifPresent(
            reason -> {
              throw ErrorCode.TABLE_MISSING
                  .error()
                  .with("table", name)
                  .with("in", sqlName)
                  .causedBy(reason);
            });
    return this;
  }

  /** Whether there is such a table. */
  public boolean exists(SparkSession spark) {
    return missing(spark).isEmpty();
  }

  /** What Spark says of a table that does not exist. */
  private Optional<Exception> missing(SparkSession spark) {
    try {
      read(spark);
      return Optional.empty();
    } catch (Exception e) {
      // Spark throws these checked exceptions without declaring them.
      if (e instanceof AnalysisException) {
        return Optional.of(e);
      }
      if (Causes.include(e, IOException.class)) {
        throw StorageFaults.orUnusable(e).with("table", sqlName);
      }
      throw e;
    }
  }
}
