package io.github.kurrentlake.cli;

import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.table.SideBySide;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.StorageFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.LoggerFactory;

/**
 * SQL over a local lakehouse, whose tables are named {@code schema.table}. Spark's catalog forgets
 * its tables when the JVM ends, so the directories are the truth: every {@code
 * DIR/SCHEMA/TABLE/_delta_log} is a table, and what a statement makes, renames or drops is done to
 * the directories as well.
 */
final class LakehouseSql {
  /** Schemas that exist even while they hold no table. */
  private static final List<String> SCHEMAS = List.of("bronze", "silver", "gold", "ops");

  private final SparkSession spark;
  private final Path directory;

  /** A table's name as Spark's catalog has it, which knows no capitals. */
  private record TableName(String schema, String table) {
    /** The name of the table that lies in {@code DIR/SCHEMA/TABLE}. */
    static TableName of(Path path) {
      return new TableName(
          path.getParent().getFileName().toString().toLowerCase(Locale.ROOT),
          path.getFileName().toString().toLowerCase(Locale.ROOT));
    }

    String quoted() {
      return Sql.name("spark_catalog", schema, table);
    }

    @Override
    public String toString() {
      return schema + "." + table;
    }
  }

  private LakehouseSql(SparkSession spark, Path directory) {
    this.spark = spark;
    this.directory = directory;
  }

  /**
   * Opens the lakehouse in a session of its own.
   *
   * @param directory holds a lakehouse; absolute
   */
  static LakehouseSql over(Path directory, SparkSession session) {
    var spark = session.newSession();
    spark.conf().set("spark.sql.session.timeZone", "UTC");
    spark.conf().set("spark.sql.datetime.java8API.enabled", "true");
    // So that CREATE TABLE AS makes a table that the next command finds.
    spark.conf().set("spark.sql.sources.default", "delta");
    return new LakehouseSql(spark, directory);
  }

  /**
   * Runs one statement; one that changes data has done so when this returns.
   *
   * @param warning told what the statement made that will not outlive this process
   * @throws KurrentlakeException KL-303 with Spark's reason
   */
  Dataset<Row> run(String statement, Consumer<String> warning) {
    try {
      var known = register(stored(), statement);
      var result = spark.sql(statement);
      // What makes, renames or drops something has no columns.
      if (result.schema().isEmpty()) {
        keepDirectoriesInStep(known, warning);
      }
      return result;
    } catch (Exception e) {
      throw failure(e);
    }
  }

  /** Spark's reason, without its plans and stack traces, when an exception is one of Spark's. */
  static KurrentlakeException failure(Throwable thrown) {
    if (thrown instanceof KurrentlakeException known) {
      return known;
    }
    return StorageFaults.of(thrown).orElseGet(() -> refused(thrown));
  }

  private static KurrentlakeException refused(Throwable thrown) {
    var reason =
        Causes.of(thrown)
            .filter(cause -> cause instanceof SparkThrowable spark && spark.getCondition() != null)
            .reduce(thrown, (above, below) -> below);
    var message =
        reason instanceof AnalysisException analysis
            ? analysis.getSimpleMessage()
            : String.valueOf(reason.getMessage());
    return ErrorCode.SQL_FAILED
        .error()
        .with("reason", message.strip().replace("\n", "\n    "))
        .causedBy(thrown);
  }

  /** The directories of the tables. */
  private List<Path> stored() throws IOException {
    try (var logs = Files.find(directory, 3, (path, type) -> path.endsWith("_delta_log"))) {
      return logs.map(Path::getParent)
          .filter(path -> directory.relativize(path).getNameCount() == 2)
          .toList();
    }
  }

  /**
   * Tells Spark's catalog of the tables. A damaged one stands in the way only of a statement in
   * which its name occurs.
   */
  private Map<TableName, Path> register(List<Path> stored, String statement) {
    Stream.concat(SCHEMAS.stream(), stored.stream().map(path -> TableName.of(path).schema()))
        .distinct()
        .forEach(
            schema ->
                spark.sql(
                    "CREATE SCHEMA IF NOT EXISTS %s LOCATION %s"
                        .formatted(
                            Sql.name("spark_catalog", schema),
                            Sql.literal(directory.resolve(schema).toString()))));
    var known = new ConcurrentHashMap<TableName, Path>();
    // Each registration reads a Delta log; together they take little longer than the slowest.
    SideBySide.each(
        stored,
        path -> {
          var name = TableName.of(path);
          try {
            spark.sql(
                "CREATE TABLE IF NOT EXISTS %s USING DELTA LOCATION %s"
                    .formatted(name.quoted(), Sql.literal(path.toString())));
            return known.put(name, path);
          } catch (Exception e) {
            if (statement.toLowerCase(Locale.ROOT).contains(name.table())) {
              throw e;
            }
            LoggerFactory.getLogger(LakehouseSql.class).warn("{} is left out", name, e);
            return null;
          }
        });
    return known;
  }

  private void keepDirectoriesInStep(Map<TableName, Path> before, Consumer<String> warning)
      throws IOException {
    var now = registered();
    for (var name : now) {
      var path = directory.resolve(name.schema()).resolve(name.table());
      if (before.containsKey(name) || Files.isDirectory(path.resolve("_delta_log"))) {
        continue;
      }
      var renamed =
          before.entrySet().stream()
              .filter(old -> !now.contains(old.getKey()) && isAt(name, old.getValue()))
              .findFirst();
      if (renamed.isPresent()) {
        Files.createDirectories(path.getParent());
        Files.move(renamed.get().getValue(), path);
      } else {
        warning.accept(
            name + " is not a Delta table in the lakehouse: it is forgotten when this ends.");
      }
    }
    for (var old : before.entrySet()) {
      if (!now.contains(old.getKey())) {
        // Does nothing where it was renamed.
        FileUtils.deleteDirectory(old.getValue().toFile());
      }
    }
  }

  /** The tables and views that Spark's catalog has. */
  private List<TableName> registered() {
    return spark.sql("SHOW SCHEMAS IN spark_catalog").collectAsList().stream()
        .map(row -> row.getString(0))
        .flatMap(
            schema ->
                spark
                    .sql("SHOW TABLES IN " + Sql.name("spark_catalog", schema))
                    .collectAsList()
                    .stream()
                    .filter(row -> !row.getBoolean(2))
                    .map(row -> new TableName(schema, row.getString(1))))
        .toList();
  }

  private boolean isAt(TableName name, Path path) {
    return spark
        .sql("DESCRIBE TABLE EXTENDED " + name.quoted())
        .where("col_name = 'Location'")
        .collectAsList()
        .stream()
        .anyMatch(
            row ->
                new org.apache.hadoop.fs.Path(row.getString(1))
                    .toUri()
                    .getPath()
                    .equals(path.toString()));
  }
}
