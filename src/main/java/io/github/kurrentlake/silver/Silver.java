package io.github.kurrentlake.silver;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableSession;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Projects the new Bronze events into one Silver table and ends.
 *
 * <p>The stream starts from Bronze's content when it first runs and follows its change data feed
 * from then on, without a fixed first version, which log clean-up would remove. Only inserts are
 * projected: emptying Bronze to read it anew must not write its deletions into Silver. A run that
 * is killed leaves at most a commit that the checkpoint does not know; Delta recognises that commit
 * by the stream's id and batch number and does not repeat it.
 */
public final class Silver {
  private static final String INSERTED = "inserted";
  private static final long PROGRESS_MILLIS = 500;

  /** What Delta says when the checkpoint belongs to a table or a version that is gone. */
  private static final Set<String> LOST =
      Set.of(
          "DIFFERENT_DELTA_TABLE_READ_BY_STREAMING_SOURCE",
          "DELTA_VERSION_NOT_FOUND",
          "DELTA_MISSING_FILES_UNEXPECTED_VERSION",
          "DELTA_MISSING_CHANGE_DATA");

  private Silver() {}

  /**
   * Runs one projection over what is new.
   *
   * @return events of the projection's types, and rows written for them
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-305 without Bronze, KL-306 when the
   *     checkpoint cannot go on
   */
  public static JobReport project(
      SparkSession caller, Lakehouse lakehouse, Projection projection, Progress progress) {
    var spark = TableSession.of(caller);
    // Totals are summed over all micro-batches, so none may be forgotten.
    spark.conf().set("spark.sql.streaming.numRecentProgressUpdates", Integer.MAX_VALUE);
    var bronze = lakehouse.table(BronzeTables.EVENTS).existing(spark);
    var silver = lakehouse.table(projection.table()).ensure(spark);
    var inserts = bronze.changes(spark).filter(functions.col("_change_type").equalTo("insert"));
    var rows =
        new PayloadParser(projection, ZoneOffset.UTC)
            .parse(inserts)
            .select("row.*")
            .observe(INSERTED, functions.count(functions.lit(1)).as(INSERTED));
    var writer =
        rows.writeStream()
            .queryName(projection.checkpoint())
            .outputMode("append")
            .option("checkpointLocation", lakehouse.checkpoint(projection.checkpoint()))
            .trigger(Trigger.AvailableNow());
    try {
      return follow(silver.append(writer), progress);
    } catch (TimeoutException | StreamingQueryException e) {
      throw failure(e, silver, lakehouse.checkpoint(projection.checkpoint()));
    }
  }

  private static JobReport follow(StreamingQuery query, Progress progress)
      throws StreamingQueryException {
    try {
      while (!query.awaitTermination(PROGRESS_MILLIS)) {
        var rows = inserted(query);
        progress.reached(rows, rows);
      }
      var rows = inserted(query);
      return new JobReport(rows, rows);
    } finally {
      // An interrupted caller must not leave the stream running.
      if (query.isActive()) {
        stop(query);
      }
    }
  }

  private static void stop(StreamingQuery query) {
    try {
      query.stop();
    } catch (TimeoutException e) {
      throw new IllegalStateException("the stream did not stop", e);
    }
  }

  private static long inserted(StreamingQuery query) {
    return Arrays.stream(query.recentProgress())
        .map(progress -> progress.observedMetrics().get(INSERTED))
        .filter(metrics -> metrics != null)
        .mapToLong(metrics -> metrics.getLong(0))
        .sum();
  }

  private static RuntimeException failure(Exception failure, Table silver, String checkpoint) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkThrowable known && LOST.contains(known.getCondition())) {
        return ErrorCode.STREAM_RESTARTED_ELSEWHERE
            .error()
            .with("table", silver.sqlName())
            .with("checkpoint", checkpoint)
            .with("reason", known.getCondition())
            .causedBy(failure);
      }
    }
    return new IllegalStateException("the stream into " + silver.sqlName() + " failed", failure);
  }
}
