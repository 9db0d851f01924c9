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
import io.github.kurrentlake.table.StreamRun;
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
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.apache.spark.sql.streaming.Trigger;

/**
 * One run over one table. Spark notes what a batch shall hold before it is read, and Delta notes
 * with the rows which batch they are, so a run that is killed at any line leaves at most a batch
 * that the next run finds written, or writes. With an overlap rows come again, and a MERGE by key
 * and {@code _sequence} leaves out those that are there.
 */
final class TableIngest {
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
    var query =
        StreamRun.toEnd(
            bronze.table(),
            bronze.checkpoint(),
            () -> start(bronze),
            running -> progress.reached(rows(running), rows(running)));
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
      var held = bronze.table().read(spark).count();
      CheckpointMirror.show(spark, options, last.sources()[0].endOffset(), held);
    }
    var rows = rows(query);
    return new JobReport(rows, rows + deleted);
  }

  private StreamingQuery start(BronzeCopy bronze) throws TimeoutException {
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
    if (options.source().getOrDefault(LakebaseOption.OVERLAP.name(), "0").equals("0")) {
      return bronze.table().append(writer);
    }
    VoidFunction2<Dataset<Row>, Long> merge = (batch, number) -> merge(bronze, batch);
    return writer.foreachBatch(merge).start();
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

  private static long rows(StreamingQuery query) {
    return Arrays.stream(query.recentProgress())
        .mapToLong(StreamingQueryProgress::numInputRows)
        .sum();
  }
}
