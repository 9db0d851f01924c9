package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.job.Sessions;
import io.github.kurrentlake.table.Table;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.actions.CommitInfo;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What Delta's history says of some commits. It only tells which way to their changes is the
 * cheapest; every way gives the same rows.
 *
 * @param replaced whether one of them put other rows in the place of all, as an overwrite does;
 *     then the change feed holds the whole table twice, whatever differs
 * @param updated rows that they updated in place, those of every commit
 */
record SourceCommits(boolean replaced, long updated) {
  private static final SourceCommits NONE = new SourceCommits(false, 0);

  /** Of more commits the newest tell enough. */
  private static final long MOST = 100;

  private static final List<String> UPDATED_ROWS =
      List.of("numUpdatedRows", "numTargetRowsUpdated");

  /**
   * The commits after a version and up to another one.
   *
   * <p>Of a table in a directory, Delta's own classes tell them at once, see {@link SourceDetail}.
   */
  static SourceCommits between(SparkSession spark, Table table, long after, long last) {
    var first = Math.max(after, last - MOST) + 1;
    return table.path().isPresent() && !Sessions.onDatabricks()
        ? ofLog(spark, table.path().get(), first, last)
        : described(spark, table, first, last);
  }

  static SourceCommits ofLog(SparkSession spark, String path, long first, long last) {
    var sum = NONE;
    var commits = DeltaLog.forTable(spark, path).getChanges(first, Option.empty(), false);
    while (commits.hasNext()) {
      var commit = commits.next();
      for (var action : CollectionConverters.asJava(commit._2())) {
        if (action instanceof CommitInfo info && (long) commit._1() <= last) {
          sum = sum.plus(of(info));
        }
      }
    }
    return sum;
  }

  static SourceCommits described(SparkSession spark, Table table, long first, long last) {
    return spark
        .sql("DESCRIBE HISTORY %s LIMIT %d".formatted(table.sqlName(), MOST))
        .filter("version BETWEEN %d AND %d".formatted(first, last))
        .selectExpr("operation", "operationParameters", "coalesce(operationMetrics, map())")
        .collectAsList()
        .stream()
        .map(row -> of(row.getString(0), row.getJavaMap(1), row.getJavaMap(2)))
        .reduce(NONE, SourceCommits::plus);
  }

  private static SourceCommits of(CommitInfo info) {
    var metrics = info.operationMetrics();
    return of(
        info.operation(),
        CollectionConverters.asJava(info.operationParameters()),
        metrics.isEmpty() ? Map.of() : CollectionConverters.asJava(metrics.get()));
  }

  private static SourceCommits of(
      String operation, Map<String, String> parameters, Map<String, String> metrics) {
    var updated =
        UPDATED_ROWS.stream()
            .mapToLong(name -> Long.parseLong(metrics.getOrDefault(name, "0")))
            .sum();
    return new SourceCommits(isReplacing(operation, parameters), updated);
  }

  private static boolean isReplacing(String operation, Map<String, String> parameters) {
    return switch (operation) {
      // In the log the mode has quotes.
      case "WRITE" ->
          parameters.getOrDefault("mode", "").contains("Overwrite")
              && !parameters.containsKey("predicate");
      case "CREATE OR REPLACE TABLE AS SELECT", "REPLACE TABLE AS SELECT" -> true;
      default -> false;
    };
  }

  private SourceCommits plus(SourceCommits other) {
    return new SourceCommits(replaced || other.replaced, updated + other.updated);
  }
}
