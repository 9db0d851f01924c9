package io.github.kurrentlake.silver;

import static io.github.kurrentlake.silver.Field.integer;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.testing.BronzeRows;
import io.github.kurrentlake.testing.SharedSpark;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where events land when checkpoints are lost, runs are killed, or two of them go on at once. */
class SilverTest {
  private static final Projection MEASURED =
      Projection.of("measured", "One row per Measured event", "Measured")
          .fields(integer("degrees", "Degrees", "Temperature"));
  private static final String GOOD = "{\"Degrees\":20}";
  private static final String BAD = "{\"Degrees\":\"hot\"}";

  /** What the first task that comes here runs to its end, between its reading and its commit. */
  private static final AtomicReference<Runnable> MEANWHILE = new AtomicReference<>();

  private static final SparkSession SPARK = SharedSpark.session();
  @TempDir private Path directory;
  private Lakehouse lakehouse;
  private Landed landed;

  @BeforeEach
  void aLakehouse() {
    lakehouse = Lakehouse.at(directory.resolve("lakehouse"));
    landed = new Landed(lakehouse, MEASURED);
  }

  @Test
  void aRunOverAnEmptyBronzeSaysSo() {
    lakehouse.table(BronzeTables.EVENTS).ensure(SPARK);

    assertThat(project())
        .isEqualTo(JobReport.nothingNew().noting(List.of("bronze.events holds no row")));
  }

  /** Spark counts nothing when it finds that it needs no row of what is counted. */
  @Test
  void aCountThatSparkNeverGivesIsNotWaitedForLong() {
    assertThat(MicroBatches.counts(new Observation())).isEmpty();
  }

  @Test
  void eachEventIsInSilverOrInQuarantine() {
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
    assertThat(row.<String>getAs("fingerprint")).isEqualTo(MEASURED.fingerprint());
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
  void aCheckpointMayBeDeletedOrRestoredOrMissItsLastCommit() throws IOException {
    bronze(100, GOOD, 200, BAD);
    project();
    copy(checkpoint(), directory.resolve("backup"));
    bronze(300, GOOD, 400, BAD);
    project();
    bronze(500, GOOD, 600, BAD);
    project();

    Files.delete(checkpoint().resolve("commits").resolve("2"));
    Files.delete(checkpoint().resolve("commits").resolve(".2.crc"));
    assertThat(project()).isEqualTo(new JobReport(2, 0, 0));
    landed.assertEachEventOnce();

    bronze(700, GOOD, 800, BAD);
    delete(checkpoint());
    copy(directory.resolve("backup"), checkpoint());
    assertThat(project()).isEqualTo(new JobReport(6, 1, 1));
    landed.assertEachEventOnce();

    delete(checkpoint());
    bronze(900, BAD, 1000, GOOD);
    assertThat(project()).isEqualTo(new JobReport(10, 1, 1));
    landed.assertEachEventOnce();
  }

  @Test
  void bronzesFilesMayComeInAnyOrder() {
    bronze(900, GOOD, 950, BAD);
    bronze(100, BAD, 150, GOOD);
    bronze(500, GOOD, 550, BAD);
    SPARK.sql("OPTIMIZE " + lakehouse.table(BronzeTables.EVENTS).sqlName());
    bronze(300, BAD);
    bronze(700, GOOD, 720, GOOD);

    assertThat(project()).isEqualTo(new JobReport(9, 5, 4));
    landed.assertEachEventOnce();
    bronze(10, BAD, 1200, GOOD);
    bronze(1100, BAD, 20, GOOD);
    assertThat(project()).isEqualTo(new JobReport(4, 2, 2));
    landed.assertEachEventOnce();
  }

  @Test
  void whatWasOptimizedAndVacuumedAwayIsStillProjected() throws IOException {
    bronze(100, GOOD, 200, BAD);
    bronze(300, GOOD);
    var events = lakehouse.table(BronzeTables.EVENTS);
    SPARK.sql("OPTIMIZE " + events.sqlName());
    deleteAsVacuumDoes(events);
    bronze(400, GOOD);

    assertThat(project()).isEqualTo(new JobReport(4, 3, 1));
    landed.assertEachEventOnce();
  }

  @Test
  void anEventThatBronzeLostAndReadAgainIsStillOneEvent() {
    bronze(100, GOOD, 200, BAD);
    project();
    bronze(300, GOOD, 400, BAD);
    SPARK.sql("DELETE FROM " + lakehouse.table(BronzeTables.EVENTS).sqlName());
    bronze(100, GOOD, 200, BAD, 300, GOOD, 400, BAD);

    assertThat(project()).isEqualTo(new JobReport(4, 1, 1));
    landed.assertEachEventOnce();
  }

  @Test
  void whatOneTableHoldsTheOtherNeverGetsWhateverTheDeclarationIsThen() throws IOException {
    bronze(100, GOOD, 200, BAD, 300, BAD);
    project();
    SPARK.sql(
        "UPDATE %s SET state = 'dismissed' WHERE log_position = 300"
            .formatted(lakehouse.table(QuarantineTable.DECLARATION).sqlName()));
    // The same events with other payloads stand for another declaration of the same payloads.
    SPARK.sql("DELETE FROM " + lakehouse.table(BronzeTables.EVENTS).sqlName());
    bronze(100, BAD, 200, GOOD, 300, GOOD);

    assertThat(project()).isEqualTo(new JobReport(3, 0, 0));
    delete(checkpoint());
    assertThat(project()).isEqualTo(new JobReport(3, 0, 0));
    landed.assertEachEventOnce();
    assertThat(landed.silver()).containsExactly(100L);
    assertThat(landed.quarantine("dismissed")).containsExactly(300L);
  }

  @Test
  void whatWasResolvedIsOpenedAgainWhenSilverHasLostIt() throws IOException {
    bronze(100, GOOD, 200, BAD);
    project();
    var quarantine = lakehouse.table(QuarantineTable.DECLARATION).sqlName();
    SPARK.sql("UPDATE " + quarantine + " SET state = 'resolved'");
    delete(checkpoint());

    assertThat(project()).isEqualTo(new JobReport(2, 0, 1));
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
    var landing = Landing.open(SPARK, lakehouse, MEASURED, ZoneOffset.UTC);
    var tally = new Tally();
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
                          var landing = Landing.open(SPARK, lakehouse, MEASURED, ZoneOffset.UTC);
                          var tally = new Tally();
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
    assertThat(Landing.open(SPARK, lakehouse, MEASURED, ZoneOffset.UTC).greatestPosition(SPARK))
        .isEqualTo(200);
  }

  private static String meanwhile(String data) {
    var run = MEANWHILE.getAndSet(null);
    if (run != null) {
      CompletableFuture.runAsync(run).join();
    }
    return data;
  }

  private JobReport project() {
    return Silver.project(SPARK, lakehouse, MEASURED, Progress.unwatched());
  }

  private static <T> T joined(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  /** Appends Measured events, given as position and payload by turns, in one commit. */
  private void bronze(Object... events) {
    var rows = new BronzeRows();
    for (var i = 0; i < events.length; i += 2) {
      rows.event(((Integer) events[i]).longValue(), "sensor-1", "Measured", (String) events[i + 1]);
    }
    rows.append(SPARK, lakehouse);
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

  private Path checkpoint() {
    return Path.of(lakehouse.checkpoint(MEASURED.checkpoint()));
  }

  /** Deletes the files that are not the table's any more; VACUUM takes a minute for it. */
  private static void deleteAsVacuumDoes(Table table) throws IOException {
    var current =
        Stream.of(table.read(SPARK).inputFiles())
            .map(file -> Path.of(URI.create(file)))
            .collect(Collectors.toSet());
    try (var files = Files.walk(Path.of(table.path().get()))) {
      for (var file : files.filter(found -> found.toString().endsWith(".parquet")).toList()) {
        if (!current.contains(file)) {
          Files.delete(file);
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    try (var files = Files.walk(tree)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
