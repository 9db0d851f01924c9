package io.github.kurrentlake.lakebase.ingest;

import static io.github.kurrentlake.lakebase.source.ChangeColumn.POSITION;
import static io.github.kurrentlake.lakebase.source.ChangeColumn.SEQUENCE;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.lakebase.source.LakebaseOption;
import io.github.kurrentlake.lakebase.source.LakebaseSource;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.StreamRun;
import io.github.kurrentlake.table.TableSession;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.apache.spark.sql.streaming.Trigger;

/**
 * One run over one table. Spark notes what a batch shall hold before it is read, and Delta notes
 * with the rows how far they reach, so a run that is killed at any line leaves at most a batch that
 * the next run finds written, or writes. Each run begins where Bronze says that it is, whatever the
 * checkpoint says. With an overlap rows come again, and those whose key and {@code _sequence} are
 * there are left out.
 */
final class TableIngest {
  private static final int ATTEMPTS = 5;

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

  /** Reads the whole table again; what is gone from it is deleted in Bronze. */
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
    var reached = bronze.reached();
    bronze.keep(reached);
    var planned = new PlannedBatches(spark, bronze.checkpoint());
    planned.forgetUnlessAt(reached.position());
    var batches = new Batches(bronze, planned, reached);
    var query =
        StreamRun.toEnd(
            bronze.table(),
            bronze.checkpoint(),
            () -> start(bronze, reached, batches),
            running -> progress.reached(rows(running), rows(running)));
    bronze.note(batches.reached);
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

  private StreamingQuery start(BronzeCopy bronze, BronzeCopy.Reached reached, Batches batches)
      throws TimeoutException {
    var reader =
        spark
            .readStream()
            .format(LakebaseSource.NAME)
            .options(options.options())
            .option(LakebaseOption.SEQUENCE_ABOVE.name(), Long.toString(bronze.sequenceAbove()));
    if (!reached.position().isEmpty()) {
      reader.option(LakebaseOption.STARTING_POSITION.name(), reached.position());
    }
    VoidFunction2<Dataset<Row>, Long> write = (batch, number) -> batches.write(batch, number);
    return reader
        .load()
        .writeStream()
        .queryName("lakebase_" + options.bronze())
        .outputMode("append")
        .option("checkpointLocation", bronze.checkpoint())
        .trigger(Trigger.AvailableNow())
        .foreachBatch(write)
        .start();
  }

  /** Writes the batches of a run, which must be the only one that does. */
  private final class Batches {
    private final BronzeCopy bronze;
    private final PlannedBatches planned;
    private BronzeCopy.Reached reached;

    Batches(BronzeCopy bronze, PlannedBatches planned, BronzeCopy.Reached reached) {
      this.bronze = bronze;
      this.planned = planned;
      this.reached = reached;
    }

    void write(Dataset<Row> batch, long number) {
      var end = planned.end(number);
      if (end.equals(reached.position())) {
        // A run wrote it that died before Spark noted that.
        return;
      }
      // Two runs at once may have planned different batches under one number.
      var asPlanned = "assert_true(%s = %s) IS NULL".formatted(POSITION.column(), Sql.literal(end));
      var rows = batch.filter(asPlanned);
      var next = reached.next(end);
      bronze.write(rereadsRows() ? unknown(rows) : rows, next);
      reached = next;
    }

    private boolean rereadsRows() {
      return !options.source().getOrDefault(LakebaseOption.OVERLAP.name(), "0").equals("0");
    }

    private Dataset<Row> unknown(Dataset<Row> rows) {
      var identity = Stream.concat(bronze.key().stream(), Stream.of(SEQUENCE.column()));
      var known = bronze.table().read(rows.sparkSession());
      return rows.join(known, identity.toArray(String[]::new), "left_anti");
    }
  }

  private static long rows(StreamingQuery query) {
    return Arrays.stream(query.recentProgress())
        .mapToLong(StreamingQueryProgress::numInputRows)
        .sum();
  }
}
