package io.github.kurrentlake.table;

import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.error.ErrorCode;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;

/**
 * A declared table at its place in a lakehouse.
 *
 * @param sqlName the quoted name by which SQL and DataFrames reach it
 * @param path its directory, by which streams reach a table that is in no catalog
 */
public record Table(
    Lakehouse lakehouse,
    TableDeclaration declaration,
    Platform platform,
    String sqlName,
    Optional<String> path) {
  private static final Object MAKING = new Object();

  /**
   * Makes the table unless it exists; an existing one gets the declared columns that it lacks, as
   * the guide's own tables do. Safe to call again, from several runs at once, and after a run that
   * was killed in it.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-301 or KL-311 for the place, KL-304
   *     when a column has another type, KL-310 when other runs keep making it
   */
  public Table ensure(SparkSession spark) {
    make(spark);
    return this;
  }

  /**
   * Does the same.
   *
   * @return whether the table was missing, so that nobody had written to it before this call
   */
  public boolean make(SparkSession spark) {
    // A table that another thread is making already counts as existing, but cannot be read yet.
    synchronized (MAKING) {
      // Asked first, since it nearly always exists, and making it takes longer even then.
      var isMissing = !exists(spark);
      if (isMissing) {
        lakehouse.prepare(spark, declaration.schema());
      }
      Conflicts.retried(() -> makeOrWiden(spark, isMissing));
      return isMissing;
    }
  }

  private void makeOrWiden(SparkSession spark, boolean isMissing) {
    if (isMissing) {
      lakehouse.clear(spark, declaration);
      spark.sql(declaration.ddl(platform, sqlName));
    }
    var existing =
        Arrays.stream(read(spark).schema().fields())
            .collect(
                Collectors.toMap(
                    field -> field.name().toLowerCase(Locale.ROOT), StructField::dataType));
    declaration.columns().forEach(column -> requireType(column, existing.get(lower(column))));
    var missing =
        declaration.columns().stream()
            .filter(column -> !existing.containsKey(lower(column)))
            .map(column -> Column.optional(column.name(), column.type(), column.comment()).ddl())
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      spark.sql("ALTER TABLE " + sqlName + " ADD COLUMNS (" + missing + ")");
    }
  }

  /** Whether the table holds no row. */
  public boolean isEmpty(SparkSession spark) {
    return read(spark).isEmpty();
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

  /** Has Delta keep the table's changes from now on, which tables of older versions lack. */
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

  private static String lower(Column column) {
    return column.name().toLowerCase(Locale.ROOT);
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
                  .with("table", declaration.qualifiedName())
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

  private void requireType(Column column, DataType found) {
    if (found != null && !found.equals(DataType.fromDDL(column.type()))) {
      throw ErrorCode.TABLE_DIFFERS
          .error()
          .with("table", declaration.qualifiedName())
          .with("column", column.name())
          .with("declared", column.type())
          .with("found", found.sql());
    }
  }
}
