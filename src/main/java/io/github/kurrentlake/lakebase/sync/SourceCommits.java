package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.table.Table;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

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

  /** The commits after a version and up to another one. */
  static SourceCommits between(SparkSession spark, Table table, long after, long last) {
    var first = Math.max(after, last - MOST) + 1;
    return spark
        .sql("DESCRIBE HISTORY %s LIMIT %d".formatted(table.sqlName(), MOST))
        .filter("version BETWEEN %d AND %d".formatted(first, last))
        .selectExpr("operation", "operationParameters", "coalesce(operationMetrics, map())")
        .collectAsList()
        .stream()
        .map(row -> of(row.getString(0), row.getJavaMap(1), row.getJavaMap(2)))
        .reduce(NONE, SourceCommits::plus);
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
      case "WRITE" ->
          parameters.getOrDefault("mode", "").equals("Overwrite")
              && !parameters.containsKey("predicate");
      case "CREATE OR REPLACE TABLE AS SELECT", "REPLACE TABLE AS SELECT" -> true;
      default -> false;
    };
  }

  private SourceCommits plus(SourceCommits other) {
    return new SourceCommits(replaced || other.replaced, updated + other.updated);
  }
}
