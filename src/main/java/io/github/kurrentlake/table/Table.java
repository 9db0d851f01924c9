package io.github.kurrentlake.table;

import io.github.kurrentlake.error.ErrorCode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
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
    Dialect dialect,
    String sqlName,
    Optional<String> path) {
  private static final Object MAKING = new Object();

  /**
   * Makes the table unless it exists; an existing one gets the declared columns that it lacks, as
   * the guide's own tables do. Safe to call again, from several runs at once, and after a run that
   * was killed in it.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-301, or KL-304 when a column has
   *     another type
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
    lakehouse.prepare(spark, declaration.schema());
    // A table that another thread is making already counts as existing, but cannot be read yet.
    synchronized (MAKING) {
      return lakehouse.make(
          declaration,
          () -> {
            // Asked first, since it nearly always exists, and making it takes longer even then.
            var isMissing = !exists(spark);
            Conflicts.retried(() -> makeOrWiden(spark, isMissing));
            return isMissing;
          });
    }
  }

  private void makeOrWiden(SparkSession spark, boolean isMissing) {
    if (isMissing) {
      spark.sql(declaration.ddl(dialect, sqlName));
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

  /** Whether the table holds no file, which Delta's log tells without reading a row. */
  public boolean isEmpty(SparkSession spark) {
    return DirectoryLog.of(spark, this)
        .flatMap(DirectoryLog::isEmpty)
        .orElseGet(
            () -> spark.sql("DESCRIBE DETAIL " + sqlName).head().<Long>getAs("numFiles") == 0);
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
    return changes(spark, Map.of());
  }

  /**
   * The same for a stream that has no checkpoint. Where the table has only ever grown, the stream
   * takes commit after commit, which spares Delta computing and sorting the table's files.
   */
  public Dataset<Row> allChanges(SparkSession spark) {
    var isSumOfCommits = DirectoryLog.of(spark, this).map(DirectoryLog::hasOnlyGrown).orElse(false);
    return changes(spark, isSumOfCommits ? Map.of("startingVersion", "0") : Map.of());
  }

  private Dataset<Row> changes(SparkSession spark, Map<String, String> options) {
    var reader =
        spark.readStream().format("delta").option("readChangeFeed", "true").options(options);
    return path.map(reader::load).orElseGet(() -> reader.table(sqlName));
  }

  /**
   * Writes the first rows of a table that was made and never written to, where that can be done for
   * less than a MERGE. Nobody else's rows come first unnoticed: Delta then refuses the commit.
   *
   * @param rows at least the table's columns
   * @return the number of rows written; empty when they are to be merged instead
   * @throws io.delta.exceptions.DeltaConcurrentModificationException when another run wrote
   */
  public OptionalLong appendFirst(Dataset<Row> rows) {
    var columns =
        declaration.columns().stream()
            .map(column -> Sql.identifier(column.name()))
            .toArray(String[]::new);
    return DirectoryLog.of(rows.sparkSession(), this)
        .map(log -> log.appendFirst(rows.selectExpr(columns)))
        .orElse(OptionalLong.empty());
  }

  /** Starts a stream that appends to the table. */
  public StreamingQuery append(DataStreamWriter<Row> writer) throws TimeoutException {
    var delta = writer.format("delta");
    return path.isPresent() ? delta.start(path.get()) : delta.toTable(sqlName);
  }

  /** The number of the table's last commit. */
  public long version(SparkSession spark) {
    return lastCommit(spark).getLong(0);
  }

  /** What the writer of the last commit noted with it; empty when it noted nothing. */
  public String lastCommitMetadata(SparkSession spark) {
    var commit = lastCommit(spark);
    return commit.isNullAt(1) ? "" : commit.getString(1);
  }

  private static String lower(Column column) {
    return column.name().toLowerCase(Locale.ROOT);
  }

  private Row lastCommit(SparkSession spark) {
    return spark
        .sql("DESCRIBE HISTORY " + sqlName + " LIMIT 1")
        .select("version", "userMetadata")
        .head();
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

  private boolean exists(SparkSession spark) {
    return missing(spark).isEmpty();
  }

  /** What Spark says of a table that does not exist. */
  private Optional<Exception> missing(SparkSession spark) {
    try {
      read(spark);
      return Optional.empty();
    } catch (Exception e) {
      // Spark throws this checked exception without declaring it.
      if (e instanceof AnalysisException) {
        return Optional.of(e);
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
