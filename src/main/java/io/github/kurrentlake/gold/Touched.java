package io.github.kurrentlake.gold;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.table.Commit;
import io.github.kurrentlake.table.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * The streams whose events have changed between two states of a lifecycle's sources, by the change
 * feeds of these tables.
 *
 * @param rows a row for each of them with {@code stream} and more, kept until this is closed
 * @param number how many they are
 * @param events how many rows of the change feeds
 * @param first the least position of a changed event; the greatest of all numbers when none changed
 */
record Touched(Dataset<Row> rows, long number, long events, long first) implements AutoCloseable {

  /**
   * Finds them.
   *
   * @param sources the tables
   * @param before by a source's name the identity of its last change then
   * @param now its last change now
   * @return empty when a table cannot tell, since the commit of then is not in its history
   * @throws RuntimeException Spark's own, when Delta no longer has what the commits wrote
   */
  static Optional<Touched> between(
      SparkSession spark,
      Lifecycle lifecycle,
      List<Table> sources,
      Map<String, String> before,
      Map<String, Commit> now) {
    var changed =
        sources.stream()
            .filter(
                source ->
                    !now.get(MadeOf.name(source)).id().equals(before.get(MadeOf.name(source))))
            .toList();
    var changes =
        changed.stream()
            .map(
                source ->
                    changes(
                        spark,
                        lifecycle,
                        source,
                        before.get(MadeOf.name(source)),
                        now.get(MadeOf.name(source))))
            .toList();
    return changes.stream().allMatch(Optional::isPresent)
        ? changes.stream().flatMap(Optional::stream).reduce(Dataset::unionAll).map(Touched::of)
        : Optional.empty();
  }

  /**
   * The changes of a source that concern a lifecycle: {@code stream}, {@code log_position}; empty
   * when the commit of then is not in its history.
   */
  static Optional<Dataset<Row>> changes(
      SparkSession spark, Lifecycle lifecycle, Table source, String before, Commit now) {
    return Commit.isIn(spark, source, before)
        ? Optional.of(
            source
                .changes(spark, Commit.version(before), now.version())
                .filter(concerns(lifecycle, source))
                .select("stream", "log_position"))
        : Optional.empty();
  }

  private static String concerns(Lifecycle lifecycle, Table source) {
    if (source.name().equals(BronzeTables.EVENTS.qualifiedName())) {
      return StreamEvents.isUnclaimed(lifecycle);
    }
    return source.name().equals(QuarantineTable.DECLARATION.qualifiedName())
        ? StreamEvents.isQuarantined(lifecycle)
        : "true";
  }

  private static Touched of(Dataset<Row> changes) {
    var rows =
        changes
            .groupBy("stream")
            .agg(min("log_position").as("first"), count(lit(1)).as("events"))
            .persist(StorageLevel.MEMORY_AND_DISK());
    var totals =
        rows.agg(
                count(lit(1)),
                coalesce(sum("events"), lit(0L)),
                coalesce(min("first"), lit(Long.MAX_VALUE)))
            .head();
    return new Touched(rows, totals.getLong(0), totals.getLong(1), totals.getLong(2));
  }

  @Override
  public void close() {
    rows.unpersist();
  }
}
