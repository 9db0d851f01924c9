package io.github.kurrentlake.lakebase.ingest;

import static io.github.kurrentlake.lakebase.source.ChangeColumn.PG_CHANGE_TYPE;
import static io.github.kurrentlake.lakebase.source.ChangeColumn.POSITION;
import static io.github.kurrentlake.lakebase.source.ChangeColumn.SEQUENCE;
import static io.github.kurrentlake.lakebase.source.ChangeColumn.TIMESTAMP;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.current_timestamp;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;

import io.github.kurrentlake.lakebase.source.ChangeType;
import io.github.kurrentlake.lakebase.source.ClusterState;
import io.github.kurrentlake.lakebase.source.LakebaseSource;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Finds deletions by the keys: those that Bronze holds alive and Postgres does not hold. One commit
 * appends their deletions; run again, it finds none, so a run that is killed is simply repeated.
 */
final class KeyComparison {
  private final SparkSession spark;
  private final IngestOptions options;
  private final BronzeCopy bronze;

  KeyComparison(SparkSession spark, IngestOptions options, BronzeCopy bronze) {
    this.spark = spark;
    this.options = options;
    this.bronze = bronze;
  }

  /**
   * Deletes what an earlier stream wrote and the present one did not find: behind all rows of the
   * earlier, before all of the present.
   *
   * @return the rows written
   */
  long afterResync() {
    var above = bronze.sequenceAbove();
    return append(
        ClusterState.now(options.address()), alive().filter(col("last").lt(above)), lit(above));
  }

  /**
   * Deletes what is gone. In the modes XMIN and XID8 a key that comes back is written by a
   * transaction at or above the horizon of before the comparison, so a deletion just below it
   * stands before it; a key that was written just there waits for the next comparison.
   *
   * @return the rows written
   */
  long afterRun() {
    var now = ClusterState.now(options.address());
    return switch (options.mode()) {
      case XMIN, XID8 -> {
        var sequence = bronze.sequenceAbove() + now.horizon() - 1;
        yield append(now, alive().filter(col("last").lt(sequence)), lit(sequence));
      }
      case MONOTONIC -> append(now, alive(), col("last").plus(1));
      case SLOT -> 0;
    };
  }

  private Dataset<Row> alive() {
    var keys = bronze.key().stream().map(KeyComparison::quoted).toArray(Column[]::new);
    return bronze
        .table()
        .read(spark)
        .groupBy(keys)
        .agg(
            max(SEQUENCE.column()).as("last"),
            max_by(col(PG_CHANGE_TYPE.column()), col(SEQUENCE.column())).as("change"))
        .filter(col("change").notEqual(ChangeType.DELETE));
  }

  private long append(ClusterState now, Dataset<Row> alive, Column sequence) {
    var keys = bronze.key().stream().map(KeyComparison::quoted).toArray(Column[]::new);
    var present =
        spark.read().format(LakebaseSource.NAME).options(options.options()).load().select(keys);
    var names = bronze.key().toArray(String[]::new);
    var deleted =
        alive
            .join(present, names, "left_anti")
            .withColumn(SEQUENCE.column(), sequence)
            .drop("last", "change")
            .withColumn(PG_CHANGE_TYPE.column(), lit(ChangeType.DELETE))
            .withColumn(POSITION.column(), lit(now.position(options.mode())))
            .withColumn(TIMESTAMP.column(), current_timestamp());
    var collected = deleted.cache();
    try {
      var count = collected.count();
      if (count > 0) {
        bronze.table().append(collected);
      }
      return count;
    } finally {
      collected.unpersist();
    }
  }

  private static Column quoted(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }
}
