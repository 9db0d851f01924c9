package io.github.kurrentlake.parcels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.bench.TableRows;
import io.github.kurrentlake.bronze.Bronze;
import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.job.Phase;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.job.Watcher;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.source.KurrentDb;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.testing.KurrentDbs;
import io.github.kurrentlake.testing.SharedSpark;
import io.github.kurrentlake.testing.Trees;
import java.nio.file.Path;
import java.util.ConcurrentModificationException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tasks that are stopped behind each of their phases, and the tables that come of it. */
class PhasesTest {
  /** Those that Delta's conflict may answer although the commit was made. */
  private static final Set<Phase> COMMITS =
      EnumSet.of(
          Phase.BATCH_MERGED,
          Phase.MARK_RAISED,
          Phase.ROWS_LANDED,
          Phase.EVENTS_QUARANTINED,
          Phase.GOLD_WRITTEN);

  /** So small that the log takes several batches. */
  private static final long BATCH_SIZE = 30;

  private static final int EVENTS = 60;

  /** Of which some cannot be read. */
  private static final Projection SCANNED = Parcels.PROJECTIONS.get(1);

  private static final List<TableDeclaration> TABLES =
      Stream.concat(
              Stream.of(
                  BronzeTables.EVENTS,
                  BronzeTables.INGEST_HWM,
                  QuarantineTable.DECLARATION,
                  Parcels.JOURNEY.table()),
              Parcels.PROJECTIONS.stream().map(Projection::table))
          .toList();

  private static final SparkSession SPARK = SharedSpark.session();

  @TempDir private static Path directory;
  private static List<LogRecord> log;
  private static EmbeddedKurrentDb node;
  private static KurrentDb kurrentdb;
  private static Lakehouse undisturbed;

  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @BeforeAll
  static void runUndisturbed() {
    log = IntStream.range(0, EVENTS).mapToObj(PhasesTest::event).toList();
    node = EmbeddedKurrentDb.builder().start();
    node.append(log.stream());
    kurrentdb = KurrentDbs.reach(node, directory);
    undisturbed = Lakehouse.at(directory.resolve("undisturbed"));
    run(undisturbed, kurrentdb, Progress.unwatched());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void tasksThatAreStoppedBehindEachPhaseInTurnEndInTheSameTables() {
    var lakehouse = Lakehouse.at(directory.resolve("stopped"));
    for (var phase : Phase.OF_TASKS) {
      if (phase == Phase.SILVER_OPENED || phase == Phase.GOLD_OPENED) {
        runTheLayersBefore(phase, lakehouse);
      }
      stopBehind(phase, lakehouse);
    }
    run(lakehouse, kurrentdb, Progress.unwatched());
    assertRight(lakehouse);
  }

  @Tag("long")
  @Test
  void commitsThatAreAnsweredWithAConflictAreNotMadeTwice() {
    var lakehouse = Lakehouse.at(directory.resolve("answered"));
    var left = EnumSet.copyOf(COMMITS);
    var misled =
        new Watcher(
            phase -> {
              if (left.remove(phase)) {
                throw new ConcurrentModificationException(phase + " was committed");
              }
            });
    run(lakehouse, kurrentdb, misled);
    assertThat(left).isEmpty();
    assertRight(lakehouse);
  }

  /** A run over half of the log was undisturbed, and the one over the rest dies behind a commit. */
  @Tag("long")
  @ParameterizedTest
  @EnumSource(names = {"BATCH_MERGED", "ROWS_LANDED", "MICRO_BATCH_LANDED", "GOLD_WRITTEN"})
  void aLaterRunThatIsStoppedBehindAPhaseIsFinishedByTheNext(Phase phase) {
    var half = directory.resolve("half");
    if (!half.toFile().exists()) {
      try (var younger = EmbeddedKurrentDb.builder().start()) {
        younger.append(log.subList(0, EVENTS / 2).stream());
        run(Lakehouse.at(half), KurrentDbs.reach(younger, directory), Progress.unwatched());
      }
    }
    var lakehouse = Lakehouse.at(Trees.copy(half, directory.resolve("half-" + phase)));
    runTheLayersBefore(phase, lakehouse);
    stopBehind(phase, lakehouse);
    run(lakehouse, kurrentdb, Progress.unwatched());
    assertRight(lakehouse);
  }

  private static void runTheLayersBefore(Phase phase, Lakehouse lakehouse) {
    if (phase.compareTo(Phase.SILVER_OPENED) >= 0) {
      ingest(lakehouse, kurrentdb, Progress.unwatched());
    }
    if (phase.compareTo(Phase.GOLD_OPENED) >= 0) {
      project(lakehouse, Progress.unwatched());
    }
  }

  private static void stopBehind(Phase phase, Lakehouse lakehouse) {
    if (phase == Phase.ATTEMPT_SETTLED) {
      Silver.project(SPARK, lakehouse, SCANNED, Progress.unwatched());
      SPARK.sql(
          "UPDATE %s SET fingerprint = 'another'"
              .formatted(lakehouse.table(QuarantineTable.DECLARATION).sqlName()));
    }
    var stops =
        new Watcher(
            passed -> {
              if (passed == phase) {
                throw new Stopped();
              }
            });
    assertThatThrownBy(() -> runTaskOf(phase, lakehouse, stops))
        .as("stopped behind %s", phase)
        .satisfies(thrown -> assertThat(Causes.include(thrown, Stopped.class)).isTrue());
  }

  private static void runTaskOf(Phase phase, Lakehouse lakehouse, Progress progress) {
    switch (phase) {
      case BRONZE_OPENED, BATCH_PLANNED, BATCH_MERGED, MARK_RAISED ->
          ingest(lakehouse, kurrentdb, progress);
      case SILVER_OPENED,
          CHECKPOINT_CHECKED,
          ROWS_LANDED,
          EVENTS_QUARANTINED,
          MICRO_BATCH_LANDED,
          STREAM_ENDED,
          CHECKPOINT_NOTED,
          ATTEMPT_SETTLED ->
          Silver.project(SPARK, lakehouse, SCANNED, progress);
      case GOLD_OPENED, GOLD_PLANNED, GOLD_WRITTEN ->
          Gold.refresh(SPARK, lakehouse, Parcels.JOURNEY, progress);
      default -> throw new IllegalArgumentException(phase + " is of no task");
    }
  }

  private static void run(Lakehouse lakehouse, KurrentDb kurrentdb, Progress progress) {
    ingest(lakehouse, kurrentdb, progress);
    project(lakehouse, progress);
    Gold.refresh(SPARK, lakehouse, Parcels.JOURNEY, progress);
  }

  private static void ingest(Lakehouse lakehouse, KurrentDb kurrentdb, Progress progress) {
    var options = new BronzeOptions(lakehouse, kurrentdb, "parcel", "parcels", BATCH_SIZE);
    Bronze.ingest(SPARK, options, progress);
  }

  private static void project(Lakehouse lakehouse, Progress progress) {
    Parcels.PROJECTIONS.forEach(
        projection -> Silver.project(SPARK, lakehouse, projection, progress));
  }

  private static void assertRight(Lakehouse lakehouse) {
    var compared = TableRows.compare(SPARK, undisturbed, lakehouse, TABLES);
    assertThat(compared.differing()).isEmpty();
    assertThat(compared.rows()).isGreaterThan(2L * EVENTS);
  }

  /** The parcels are posted, scanned and closed by turns; some scans name no hub. */
  private static LogRecord event(int number) {
    var parcel = "parcel-" + number / 3;
    var type = List.of("ParcelPosted", "ParcelScanned", "ParcelDelivered").get(number % 3);
    var isOdd = number % 12 == 1;
    var data = isOdd ? "{}" : "{\"weight\":1.5,\"hub\":\"Ghent\",\"at\":1738168933.527328}";
    return LogRecord.json(
        number * 100L, number % 3, 1_738_168_933_527L + number, parcel, type, null, data);
  }
}
