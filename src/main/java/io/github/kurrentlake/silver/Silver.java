package io.github.kurrentlake.silver;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.bronze.ErasedStreams;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Phase;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.StreamRun;
import io.github.kurrentlake.table.TableSession;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Projects the new Bronze events into one Silver table and ends; what cannot be read goes to {@code
 * ops.quarantine}. Before that, open events that another declaration refused are tried again.
 *
 * <p>The stream starts from Bronze's content when it first runs and follows its change data feed
 * from then on: OPTIMIZE, VACUUM and log clean-up may have removed Bronze's first version. Only
 * inserts are projected: emptying Bronze to read it again must not write its deletions into Silver.
 * Nor do events of {@link ErasedStreams} land, whatever brought them into Bronze again. An event is
 * in Silver or open or dismissed in quarantine, once and never in both, whatever becomes of the
 * checkpoint and wherever a run is killed: see {@link MicroBatches}; what the tables lost since the
 * last run, they get again: see {@link Checkpoint}. Only two runs at the same time with different
 * declarations can leave an event in both; the next run resolves it.
 */
public final class Silver {
  private Silver() {}

  /** Runs one projection over what is new; timestamps without a zone are UTC. */
  public static JobReport project(
      SparkSession caller, Lakehouse lakehouse, Projection projection, Progress progress) {
    return project(caller, lakehouse, projection, ZoneOffset.UTC, progress);
  }

  /**
   * Runs one projection over what is new.
   *
   * @param zone the zone of timestamps that name none
   * @return events of the projection's types, rows written, and events put into quarantine
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-305 without Bronze, KL-306 when the
   *     checkpoint cannot go on, KL-307 when too many events were quarantined; everything is
   *     committed then
   */
  public static JobReport project(
      SparkSession caller,
      Lakehouse lakehouse,
      Projection projection,
      ZoneId zone,
      Progress progress) {
    var spark = TableSession.of(caller);
    var bronze = lakehouse.table(BronzeTables.EVENTS).existing(spark);
    var tables = ProjectionWriter.open(spark, lakehouse, projection, zone, progress);
    var counts = new MovedCounts();
    counts.rows(new Redrive(spark, tables).refusedByOthers().rowsOut());
    var erased = ErasedStreams.of(spark, lakehouse);
    var batches = new MicroBatches(tables, counts);
    var checkpoint = new Checkpoint(lakehouse.checkpoint(projection.checkpoint()), bronze, tables);
    var notes = new ArrayList<>(checkpoint.forgetUnlessItFits(spark));
    progress.passed(Phase.CHECKPOINT_CHECKED);
    var writer =
        bronze
            .changes(spark)
            .filter(projection.takes())
            .select("log_position", "stream", "schema_name", "data", "_change_type")
            .writeStream()
            .queryName(projection.checkpoint())
            .option("checkpointLocation", checkpoint.directory())
            .trigger(Trigger.AvailableNow())
            .foreachBatch(
                (VoidFunction2<Dataset<Row>, Long>)
                    (changes, number) -> {
                      batches.write(erased.leaveOut(changes));
                      progress.passed(Phase.MICRO_BATCH_LANDED);
                    });
    StreamRun.toEnd(
        bronze,
        tables.silver(),
        checkpoint.directory(),
        writer::start,
        query -> {
          var now = counts.report();
          progress.reached(now.eventsIn(), now.rowsOut());
        });
    progress.passed(Phase.STREAM_ENDED);
    var moved = counts.report();
    checkpoint.note(spark, moved.eventsIn() > 0 || moved.rowsOut() > 0);
    progress.passed(Phase.CHECKPOINT_NOTED);
    var report = checked(moved, projection);
    if (report.eventsIn() == 0 && bronze.isEmpty(spark)) {
      notes.addAll(
          report.notingEmpty(List.of(BronzeTables.EVENTS.qualifiedName().toString())).notes());
    }
    return report.noting(notes);
  }

  /**
   * The number of the commit of Bronze that a projection's task has come to; empty when it has not
   * run, or its checkpoint is gone.
   */
  public static OptionalLong reached(
      SparkSession session, Lakehouse lakehouse, Projection projection) {
    return Checkpoint.reached(session, lakehouse.checkpoint(projection.checkpoint()));
  }

  /**
   * Forgets how far a projection's task has come: its next run reads all of Bronze, and writes what
   * its tables do not have.
   */
  public static void forget(SparkSession session, Lakehouse lakehouse, Projection projection) {
    Checkpoint.delete(session, lakehouse.checkpoint(projection.checkpoint()));
  }

  private static JobReport checked(JobReport report, Projection projection) {
    if (report.quarantined() > projection.failAbove() * report.eventsIn()) {
      throw ErrorCode.TOO_MANY_QUARANTINED
          .error()
          .with("projection", projection.name())
          .with("events", report.eventsIn())
          .with("quarantined", report.quarantined())
          .with("allowed share", projection.failAbove());
    }
    return report;
  }
}
