package io.github.kurrentlake.silver;

import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.payload.Rule;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.testing.BronzeRows;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;

/** Where events land when checkpoints are lost, runs are killed, or two of them go on at once. */
class SilverTest extends MeasuredEvents {
  /** What the first task that comes here runs to its end, between its reading and its commit. */
  private static final AtomicReference<Runnable> MEANWHILE = new AtomicReference<>();

  @Test
  void aRunOverAnEmptyBronzeSaysSo() {
    assertThat(project())
        .isEqualTo(JobReport.nothingNew().noting(List.of("bronze.events holds no row")));
  }

  /** Spark counts nothing when it finds that it needs no row of what is counted. */
  @Test
  void aCountThatSparkNeverGivesIsNotWaitedForLong() {
    assertThat(MicroBatches.observed(new Observation())).isEmpty();
  }

  @Test
  void eachEventIsInSilverOrInQuarantine() {
    use(Lakehouse.at(directory.resolve("without tables")));
    bronze(100, GOOD, 200, BAD, 300, GOOD);
    new BronzeRows().event(400, "sensor-1", "Replaced", "{}").append(SPARK, lakehouse);

    assertThat(project()).isEqualTo(new JobReport(3, 2, 1));
    landed.assertEachEventOnce();
    assertThat(landed.quarantine("open")).containsExactly(200L);
    var row = landed.quarantine().head();
    assertThat(row.<String>getAs("projection")).isEqualTo("measured");
    assertThat(row.<String>getAs("stream")).isEqualTo("sensor-1");
    assertThat(row.<String>getAs("schema_name")).isEqualTo("Measured");
    assertThat(row.<String>getAs("data")).isEqualTo(BAD);
    assertThat(row.<String>getAs("fingerprint")).isEqualTo(MEASURED.fingerprint(ZoneOffset.UTC));
    assertThat(row.<java.sql.Timestamp>getAs("first_attempt"))
        .isEqualTo(row.<java.sql.Timestamp>getAs("last_attempt"));
    assertThat(landed.quarantine().selectExpr("errors[0].rule").head().getString(0))
        .isEqualTo(Rule.BAD_VALUE.text());

    assertThat(project()).isEqualTo(JobReport.nothingNew());
    bronze(500, BAD);
    assertThat(project()).isEqualTo(new JobReport(1, 0, 1));
    landed.assertEachEventOnce();
  }

  @Test
  void aPayloadThatComesToBronzeLaterIsReadThen() {
    bronze(100, "{}", 200, "", 300, GOOD);
    assertThat(project()).isEqualTo(new JobReport(3, 1, 2));
    fill(100, GOOD, 200, BAD);
    assertThat(project()).isEqualTo(new JobReport(2, 1, 0));
    landed.assertEachEventOnce();
    assertThat(landed.quarantine("open")).containsExactly(200L);
    assertThat(landed.quarantine().filter("log_position = 200").head().<String>getAs("data"))
        .isEqualTo(BAD);

    // In one batch with the event itself, and where all of Bronze is read again.
    bronze(400, "{}");
    fill(400, GOOD);
    assertThat(project()).isEqualTo(new JobReport(2, 1, 1));
    bronze(500, "{}", 600, "{}");
    project();
    var quarantine = lakehouse.table(QuarantineTable.DECLARATION).sqlName();
    SPARK.sql("UPDATE " + quarantine + " SET state = 'dismissed' WHERE log_position = 600");
    fill(500, GOOD, 600, GOOD);
    assertThat(project().noting(List.of())).isEqualTo(new JobReport(6, 1, 0));
    landed.assertEachEventOnce();
    assertThat(landed.quarantine("dismissed")).containsExactly(600L);
  }

  /** Gives events of Bronze other payloads, as position and payload by turns. */
  private void fill(Object... events) {
    for (var i = 0; i < events.length; i += 2) {
      SPARK.sql(
          "UPDATE %s SET data = '%s' WHERE log_position = %s"
              .formatted(lakehouse.table(BronzeTables.EVENTS).sqlName(), events[i + 1], events[i]));
    }
  }

  @Test
  void aCrashBetweenTheTwoTablesLosesAndDoublesNothing() {
    bronze(100, GOOD, 200, BAD, 300, GOOD, 400, BAD);
    project();
    bronze(500, GOOD, 600, BAD, 700, GOOD, 800, BAD);
    refuseBeyond(400, QuarantineTable.DECLARATION);

    assertThatThrownBy(this::project).hasStackTraceContaining("CHECK constraint");
    assertThat(landed.silver()).containsExactly(100L, 300L, 500L, 700L);
    assertThat(landed.quarantine("open")).containsExactly(200L, 400L);

    acceptAgain(QuarantineTable.DECLARATION);
    assertThat(project()).isEqualTo(new JobReport(4, 0, 2));
    landed.assertEachEventOnce();
  }

  @Test
  void theLoserOfTwoRunsAtTheSameTimeFindsWhatTheWinnerWrote() {
    bronze(100, GOOD, 200, BAD, 300, GOOD);
    raceOverAll(3);
    bronze(400, GOOD, 500, BAD, 600, GOOD);
    raceOverAll(6);
  }

  private void raceOverAll(long events) {
    MEANWHILE.set(this::project);
    var meanwhile = functions.udf((UDF1<String, String>) SilverTest::meanwhile, StringType);
    var landing =
        ProjectionWriter.open(SPARK, lakehouse, MEASURED, ZoneOffset.UTC, Progress.unwatched());
    var tally = new MovedCounts();
    new MicroBatches(landing, tally)
        .write(
            lakehouse
                .table(BronzeTables.EVENTS)
                .read(SPARK)
                .coalesce(1)
                .withColumn("data", meanwhile.apply(functions.col("data")))
                .withColumn("_change_type", functions.lit("insert")));

    assertThat(MEANWHILE).hasNullValue();
    assertThat(tally.report()).isEqualTo(new JobReport(events, 0, 0));
    landed.assertEachEventOnce();
  }

  @Test
  void runsWithCheckpointsOfTheirOwnWriteEachEventOnce() {
    bronze(100, GOOD, 200, BAD, 300, GOOD, 400, GOOD, 500, BAD);
    var runs =
        Stream.of(1, 2)
            .map(
                run ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          var landing =
                              ProjectionWriter.open(
                                  SPARK, lakehouse, MEASURED, ZoneOffset.UTC, Progress.unwatched());
                          var tally = new MovedCounts();
                          new MicroBatches(landing, tally)
                              .write(
                                  lakehouse
                                      .table(BronzeTables.EVENTS)
                                      .read(SPARK.newSession())
                                      .withColumn("_change_type", functions.lit("insert")));
                          return tally.report();
                        }))
            .toList();
    var reports = runs.stream().map(SilverTest::joined).toList();

    assertThat(reports).extracting(JobReport::eventsIn).containsOnly(5L);
    assertThat(reports.stream().mapToLong(JobReport::rowsOut).sum()).isEqualTo(3);
    assertThat(reports.stream().mapToLong(JobReport::quarantined).sum()).isEqualTo(2);
    landed.assertEachEventOnce();
  }

  @Test
  void howFarSilverIsCostsNoReadingOfIt() {
    bronze(100, GOOD, 200, GOOD);
    project();
    var question = lakehouse.table(MEASURED.table()).read(SPARK).agg(functions.max("log_position"));

    assertThat(question.queryExecution().optimizedPlan().toString()).startsWith("LocalRelation");
    assertThat(
            ProjectionWriter.open(SPARK, lakehouse, MEASURED, ZoneOffset.UTC, Progress.unwatched())
                .greatestPosition(SPARK))
        .isEqualTo(200);
  }

  private static String meanwhile(String data) {
    var run = MEANWHILE.getAndSet(null);
    if (run != null) {
      CompletableFuture.runAsync(run).join();
    }
    return data;
  }

  private static <T> T joined(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  /** Makes Delta refuse a commit of rows beyond a position, as a crash before it would. */
  private void refuseBeyond(long position, TableDeclaration table) {
    SPARK.sql(
        "ALTER TABLE %s ADD CONSTRAINT refuse CHECK (log_position <= %d)"
            .formatted(lakehouse.table(table).sqlName(), position));
  }

  private void acceptAgain(TableDeclaration table) {
    SPARK.sql("ALTER TABLE %s DROP CONSTRAINT refuse".formatted(lakehouse.table(table).sqlName()));
  }
}
