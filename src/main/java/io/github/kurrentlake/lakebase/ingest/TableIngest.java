package io.github.kurrentlake.lakebase.ingest;

import static java.util.stream.Collectors.joining;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.lakebase.source.LakebaseOption;
import io.github.kurrentlake.lakebase.source.LakebaseSource;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.TableSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.apache.spark.sql.streaming.Trigger;

/**
 * One run over one table. Spark notes what a batch shall hold before it is read, and Delta notes
 * with the rows which batch they are, so a run that is killed at any line leaves at most a batch
 * that the next run finds written, or writes. With an overlap rows come again, and a MERGE by key
 * and {@code _sequence} leaves out those that are there.
 */
final class TableIngest {
  private static final long PROGRESS_MILLIS = 200;
  private static final int ATTEMPTS = 5;
  private static final SqlTemplate MERGE =
      SqlTemplate.beside(TableIngest.class, "merge_overlap.sql");

  private final SparkSession spark;
  private final IngestOptions options;
  private final Progress progress;

  TableIngest(SparkSession caller, IngestOptions options, Progress progress) {
    this.spark = TableSession.of(caller);
    this.options = options;
    this.progress = progress;
    // Totals are summed over all micro-batches, so none may be forgotten.
    spark.conf().set("spark.sql.streaming.numRecentProgressUpdates", Integer.MAX_VALUE);
  }

  JobReport run() {
    for (var attempt = 1; ; attempt++) {
      try {
        return run(bronze());
      } catch (KurrentlakeException e) {
        // The columns that were added are in Bronze with the next attempt.
        if (e.code() != ErrorCode.LAKEBASE_TABLE_CHANGED || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Reads the whole table anew; what is gone from it is deleted in Bronze. */
  JobReport resync(Runnable forgetSource) {
    var bronze = bronze();
    forgetSource.run();
    bronze.beginAgain();
    return run();
  }

  private BronzeCopy bronze() {
    var schema =
        spark.read().format(LakebaseSource.NAME).options(options.options()).load().schema();
    return BronzeCopy.ensure(spark, options, LakebaseSource.keyColumns(options.options()), schema);
  }

  private JobReport run(BronzeCopy bronze) {
    var query = start(bronze);
    var report = follow(query);
    var deleted = 0L;
    var comparison = new KeyComparison(spark, options, bronze);
    if (bronze.isUnchecked()) {
      deleted += comparison.afterResync();
      bronze.checked();
    }
    if (options.keys() == IngestOptions.Keys.COMPARED) {
      deleted += comparison.afterRun();
    }
    var last = query.lastProgress();
    if (last != null) {
      var rows = bronze.table().read(spark).count();
      CheckpointMirror.show(spark, options, last.sources()[0].endOffset(), rows);
    }
    return new JobReport(report.eventsIn(), report.rowsOut() + deleted);
  }

  private StreamingQuery start(BronzeCopy bronze) {
    var rows =
        spark
            .readStream()
            .format(LakebaseSource.NAME)
            .options(options.options())
            .option(LakebaseOption.SEQUENCE_ABOVE.name(), Long.toString(bronze.sequenceAbove()))
            .load();
    var writer =
        rows.writeStream()
            .queryName("lakebase_" + options.bronze())
            .outputMode("append")
            .option("checkpointLocation", bronze.checkpoint())
            .trigger(Trigger.AvailableNow());
    try {
      if (options.source().getOrDefault(LakebaseOption.OVERLAP.name(), "0").equals("0")) {
        return bronze.table().append(writer);
      }
      VoidFunction2<Dataset<Row>, Long> merge = (batch, number) -> merge(bronze, batch);
      return writer.foreachBatch(merge).start();
    } catch (TimeoutException e) {
      throw failure(e);
    }
  }

  private static void merge(BronzeCopy bronze, Dataset<Row> batch) {
    var view = "lakebase_overlap";
    batch.createOrReplaceTempView(view);
    var columns = new ArrayList<>(bronze.key());
    columns.add("_sequence");
    var same =
        columns.stream()
            .map(Sql::identifier)
            .map(column -> "known." + column + " = arrived." + column)
            .collect(joining(" AND "));
    batch
        .sparkSession()
        .sql(MERGE.fill(Map.of("bronze", bronze.table().sqlName(), "batch", view, "same", same)));
  }

  private JobReport follow(StreamingQuery query) {
    try {
      while (!query.awaitTermination(PROGRESS_MILLIS)) {
        var rows = rows(query);
        progress.reached(rows, rows);
      }
      var rows = rows(query);
      progress.reached(rows, rows);
      return new JobReport(rows, rows);
    } catch (StreamingQueryException e) {
      throw failure(e);
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

  private static long rows(StreamingQuery query) {
    return Arrays.stream(query.recentProgress())
        .mapToLong(StreamingQueryProgress::numInputRows)
        .sum();
  }

  /** What a user can mend is told as it is, however deep Spark has wrapped it. */
  private RuntimeException failure(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof KurrentlakeException known) {
        return known;
      }
    }
    return new IllegalStateException("the stream of " + options.table() + " failed", failure);
  }
}
