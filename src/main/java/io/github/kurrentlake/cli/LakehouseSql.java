package io.github.kurrentlake.cli;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.table.SideBySide;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.StorageFaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * SQL over a local lakehouse, whose tables are named {@code schema.table}. Spark's catalog forgets
 * its tables when the JVM ends, so the directories are the truth: every {@code
 * DIR/SCHEMA/TABLE/_delta_log} is a table, and what a statement makes, renames or drops is done to
 * the directories as well.
 */
final class LakehouseSql {
  /** Schemas that exist even while they hold no table. */
  private static final List<String> SCHEMAS = List.of("bronze", "silver", "gold", "ops");

  private static final Pattern CONCERNS_SCHEMAS =
      Pattern.compile("\\b(show|schemas?|databases?|namespaces?|tables)\\b", CASE_INSENSITIVE);

  private static final Pattern CHANGES_CATALOG =
      Pattern.compile("\\b(create|replace|alter|drop)\\b", CASE_INSENSITIVE);

  private final SparkSession spark;
  private final Path directory;

  private record TableName(String schema, String table) implements Comparable<TableName> {
    String quoted() {
      return Sql.name("spark_catalog", schema, table);
    }

    @Override
    public int compareTo(TableName other) {
      return toString().compareTo(other.toString());
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
    var sql = new LakehouseSql(spark, directory);
    Stream.concat(SCHEMAS.stream(), sql.stored().stream().map(TableName::schema))
        .distinct()
        .forEach(
            schema ->
                spark.sql(
                    "CREATE SCHEMA IF NOT EXISTS %s LOCATION %s"
                        .formatted(
                            Sql.name("spark_catalog", schema),
                            Sql.literal(directory.resolve(schema).toString()))));
    return sql;
  }

  /**
   * Runs one statement; one that changes data has done so when this returns.
   *
   * @param warning told what the statement made that will not outlive this process
   * @throws KurrentlakeException KL-303 with Spark's reason
   */
  Dataset<Row> run(String statement, Consumer<String> warning) {
    var known = stored().stream().filter(name -> mayConcern(statement, name)).toList();
    try {
      // Each registration reads a Delta log; together they take as long as the slowest.
      SideBySide.each(
          known,
          name -> {
            register(name);
            return name;
          });
      var result = spark.sql(statement);
      if (CHANGES_CATALOG.matcher(statement).find()) {
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

  /** Whether a statement could see a table; too many cost time, one too few would be an error. */
  private static boolean mayConcern(String statement, TableName name) {
    return CONCERNS_SCHEMAS.matcher(statement).find()
        || statement.toLowerCase(Locale.ROOT).contains(name.table().toLowerCase(Locale.ROOT));
  }

  private void keepDirectoriesInStep(List<TableName> before, Consumer<String> warning) {
    var now = registered();
    var vanished = before.stream().filter(name -> !now.contains(name)).toList();
    var made = now.stream().filter(name -> !before.contains(name)).toList();
    var renamed = new TreeSet<TableName>();
    for (var name : made) {
      if (!isStored(name)) {
        var old = vanished.stream().filter(gone -> isAt(name, path(gone))).findFirst();
        if (old.isPresent()) {
          move(old.get(), name);
          renamed.add(old.get());
        } else {
          warning.accept(
              name + " is not a Delta table in the lakehouse: it is forgotten when this ends.");
        }
      }
    }
    vanished.stream().filter(name -> !renamed.contains(name)).map(this::path).forEach(this::delete);
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

  private void register(TableName name) {
    spark.sql(
        "CREATE TABLE IF NOT EXISTS %s USING DELTA LOCATION %s"
            .formatted(name.quoted(), Sql.literal(path(name).toString())));
  }

  /** The tables that Spark's catalog has in the schemas that lie in this directory. */
  private Set<TableName> registered() {
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
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The tables that the directory has. */
  private Set<TableName> stored() {
    try (var logs = Files.find(directory, 3, (path, type) -> path.endsWith("_delta_log"))) {
      return logs.map(log -> directory.relativize(log.getParent()))
          .filter(path -> path.getNameCount() == 2)
          .map(path -> new TableName(path.getName(0).toString(), path.getName(1).toString()))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isStored(TableName name) {
    return Files.isDirectory(path(name).resolve("_delta_log"));
  }

  private Path path(TableName name) {
    return directory.resolve(name.schema()).resolve(name.table());
  }

  private void move(TableName from, TableName to) {
    try {
      spark.sql("DROP TABLE " + to.quoted());
      Files.createDirectories(path(to).getParent());
      Files.move(path(from), path(to));
      register(to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void delete(Path tree) {
    if (!Files.exists(tree)) {
      return;
    }
    try (var files = Files.walk(tree)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
