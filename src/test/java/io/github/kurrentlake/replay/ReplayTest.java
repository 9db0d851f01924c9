package io.github.kurrentlake.replay;

import static io.github.kurrentlake.payload.Field.integer;
import static io.github.kurrentlake.payload.Field.text;
import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.kurrentlake.bronze.Bronze;
import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.erase.Erasures;
import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Phase;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.job.Watcher;
import io.github.kurrentlake.replay.ReplayOptions.OnceCompared;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.testing.BronzeRows;
import io.github.kurrentlake.testing.KurrentDbs;
import io.github.kurrentlake.testing.SameRows;
import io.github.kurrentlake.testing.SharedSpark;
import io.github.kurrentlake.testing.Trees;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Silver made again while it is read and written. */
class ReplayTest {
  private static final SparkSession SPARK = SharedSpark.session();

  private static final Projection FORMER =
      Projection.of("measured", "One row per Measured event", "Measured")
          .fields(
              integer("degrees", "Degrees", "Temperature").nullIfBad(),
              text("serial", "Serial", "Serial number").required());

  /** Reads another place, and refuses what the former one took with a warning. */
  private static final Projection LATER =
      FORMER.fields(
          integer("degrees", "Celsius", "Temperature").or("Degrees"),
          text("serial", "Serial", "Serial number").or("SerialNumber").required());

  @TempDir private static Path shared;
  @TempDir private Path directory;
  private Lakehouse lakehouse;

  @BeforeAll
  static void runTheFormerDeclaration() {
    var first = Lakehouse.at(shared.resolve("lakehouse"));
    new BronzeRows()
        .event(100, "sensor-1", "Measured", "{\"Degrees\":20,\"Serial\":\"a\"}")
        .event(200, "sensor-1", "Measured", "{\"Degrees\":21,\"Celsius\":12,\"Serial\":\"a\"}")
        .event(300, "sensor-2", "Measured", "{\"Degrees\":\"hot\",\"Serial\":\"b\"}")
        .event(400, "sensor-2", "Measured", "{\"Degrees\":23,\"SerialNumber\":\"b\"}")
        .event(500, "sensor-3", "Measured", "{\"Degrees\":24}")
        .event(600, "sensor-3", "Measured", "{\"Degrees\":25,\"Serial\":\"c\"}")
        .append(SPARK, first);
    run(first, FORMER);
  }

  @BeforeEach
  void inACopy() {
    lakehouse =
        Lakehouse.at(Trees.copy(shared.resolve("lakehouse"), directory.resolve("lakehouse")));
  }

  @Test
  void aChangedDeclarationIsSwitchedToInOneCommitAndBack() {
    var before = silver().version(SPARK);
    assertThat(Silver.project(SPARK, lakehouse, LATER, Progress.unwatched()).notes())
        .singleElement()
        .asString()
        .contains("holds rows of the former one, which replay --projection=measured makes again");

    assertThat(replay(LATER, OnceCompared.SWITCH))
        .containsExactly(new Replayed("silver.measured", 3, 1, 0, 1, Map.of("degrees", 1L), true));

    assertLikeAFreshRunOf(LATER);
    assertThat(commits(before)).containsExactly("MERGE", "MERGE", "SET TBLPROPERTIES");
    assertThat(run(lakehouse, LATER))
        .isEqualTo(List.of(JobReport.nothingNew(), JobReport.nothingNew()));
    assertThat(status()).containsExactly(tuple("switched"), tuple("switched"));
    assertThat(directory.resolve("lakehouse/replay")).isEmptyDirectory();

    assertThat(TableReplay.rollback(SPARK, lakehouse, lifecycle(LATER), Progress.unwatched()))
        .containsExactly("ops.quarantine", "silver.measured");
    assertThat(degrees())
        .containsExactly(
            tuple(100L, 20), tuple(200L, 21), tuple(300L, null), tuple(400L, 23), tuple(600L, 25));
    assertThat(status()).containsExactly(tuple("rolled back"), tuple("rolled back"));
    assertThat(run(lakehouse, LATER).get(0).notes())
        .singleElement()
        .asString()
        .contains("silver.measured holds rows of the former one");
    assertThatThrownBy(
            () -> TableReplay.rollback(SPARK, lakehouse, lifecycle(LATER), Progress.unwatched()))
        .hasMessageContaining("KL-327");
  }

  @Test
  @Tag("long")
  void whereNothingDiffersNothingIsWritten() {
    var version = silver().version(SPARK);

    assertThat(replay(FORMER, OnceCompared.SWITCH))
        .containsExactly(new Replayed("silver.measured", 4, 0, 0, 0, Map.of(), true));

    assertThat(silver().version(SPARK)).isEqualTo(version);
  }

  @Test
  @Tag("long")
  void whatOthersChangedMustBeAccepted() {
    var rows = silver().read(SPARK).collectAsList();
    execute("UPDATE %s SET degrees = 99 WHERE log_position = 100");
    execute("DELETE FROM %s WHERE log_position = 200");
    execute("INSERT INTO %1$s SELECT * FROM %1$s WHERE log_position = 600");

    assertThatThrownBy(() -> replay(FORMER, OnceCompared.SWITCH))
        .hasMessageContaining("KL-325")
        .hasMessageContaining("1 same, 2 changed (degrees in 1), 1 came, 0 gone");
    assertThat(replay(FORMER, OnceCompared.SHOW)).hasSize(1);
    assertThatThrownBy(() -> replay(LATER, OnceCompared.SWITCH)).hasMessageContaining("KL-326");
    assertThat(degrees()).contains(tuple(100L, 99));

    replay(FORMER, OnceCompared.SWITCH_WHATEVER_DIFFERS);
    assertThat(silver().read(SPARK).collectAsList()).containsExactlyInAnyOrderElementsOf(rows);
  }

  @Test
  @Tag("long")
  void eventsThatComeMeanwhileAreNeitherLostNorDoubled() {
    var next = LongStream.iterate(1000, at -> at + 100).iterator();
    TableReplay.run(
        SPARK,
        options(LATER, OnceCompared.SWITCH),
        (eventsIn, rowsOut) -> {
          new BronzeRows()
              .event(next.nextLong(), "sensor-4", "Measured", "{\"Celsius\":30,\"Serial\":\"d\"}")
              .append(SPARK, lakehouse);
          Silver.project(SPARK, lakehouse, LATER, Progress.unwatched());
        });

    assertThat(next.nextLong()).isGreaterThan(1100);
    assertLikeAFreshRunOf(LATER);
  }

  @Test
  @Tag("long")
  void aReplayThatIsStoppedBehindEachPhaseInTurnIsFinishedByTheSame() {
    for (var phase : EnumSet.range(Phase.SHADOW_BUILT, Phase.SWITCH_NOTED)) {
      var stops =
          new Watcher(
              passed -> {
                if (passed == phase) {
                  throw new IllegalStateException("stopped");
                }
              });
      assertThatThrownBy(() -> TableReplay.run(SPARK, options(LATER, OnceCompared.SWITCH), stops))
          .hasMessage("stopped");
      if (phase == Phase.TABLE_SWITCHED) {
        assertThatThrownBy(() -> TableReplay.drop(SPARK, lakehouse, lifecycle(LATER)))
            .hasMessageContaining("KL-329");
        assertThat(status()).containsExactly(tuple("building"), tuple("building"));
      }
    }

    assertLikeAFreshRunOf(LATER);
    assertThat(status()).containsExactly(tuple("switched"), tuple("switched"));
  }

  @Test
  @Tag("long")
  void aReplayThatIsGivenUpLeavesNothing() {
    execute("UPDATE %s SET degrees = 99 WHERE log_position = 100");
    assertThatThrownBy(() -> replay(FORMER, OnceCompared.SWITCH)).hasMessageContaining("KL-325");

    assertThat(TableReplay.drop(SPARK, lakehouse, lifecycle(FORMER))).isTrue();
    assertThat(TableReplay.drop(SPARK, lakehouse, lifecycle(FORMER))).isFalse();
    assertThat(directory.resolve("lakehouse/replay")).isEmptyDirectory();
    assertThat(status()).containsExactly(tuple("dropped"), tuple("dropped"));
  }

  @Test
  @Tag("long")
  void aStreamThatIsErasedMeanwhileComesBackByNoSwitchAndNoRollback() {
    execute("UPDATE %s SET degrees = 99");
    assertThatThrownBy(() -> replay(FORMER, OnceCompared.SWITCH)).hasMessageContaining("KL-325");
    erase("sensor-1");
    replay(FORMER, OnceCompared.SWITCH_WHATEVER_DIFFERS);
    assertThat(degrees()).containsExactly(tuple(300L, null), tuple(600L, 25));

    erase("sensor-2");
    TableReplay.rollback(SPARK, lakehouse, lifecycle(FORMER), Progress.unwatched());
    assertThat(degrees()).containsExactly(tuple(600L, 99));
  }

  @Test
  @Tag("long")
  void oneStreamIsMadeAgainAlone() {
    execute("UPDATE %s SET degrees = 99");
    TableReplay.run(
        SPARK,
        new ReplayOptions(
            lakehouse,
            lifecycle(FORMER),
            UTC,
            Optional.empty(),
            List.of(),
            Optional.of("sensor-1"),
            OptionalLong.empty(),
            OnceCompared.SWITCH_WHATEVER_DIFFERS),
        Progress.unwatched());

    assertThat(degrees())
        .containsExactly(tuple(100L, 20), tuple(200L, 21), tuple(300L, 99), tuple(600L, 99));
  }

  @Test
  @Tag("long")
  void aFormerVersionOfBronzeIsComparedAndNothingIsSwitched() {
    var version = lakehouse.table(BronzeTables.EVENTS).version(SPARK);
    new BronzeRows()
        .event(700, "sensor-3", "Measured", "{\"Degrees\":26,\"Serial\":\"c\"}")
        .append(SPARK, lakehouse);
    run(lakehouse, FORMER);

    assertThat(
            TableReplay.run(
                SPARK,
                new ReplayOptions(
                    lakehouse,
                    lifecycle(LATER),
                    UTC,
                    Optional.empty(),
                    List.of("measured"),
                    Optional.empty(),
                    OptionalLong.of(version),
                    OnceCompared.SHOW),
                Progress.unwatched()))
        .containsExactly(new Replayed("silver.measured", 2, 1, 1, 2, Map.of("degrees", 1L), true));
    assertThat(degrees()).hasSize(5);
    assertThat(directory.resolve("lakehouse/replay")).isEmptyDirectory();
  }

  @Test
  @Tag("long")
  void bronzeIsMadeAgainOfKurrentDbAndKeepsWhatOnlyItHas() {
    var other = Lakehouse.at(directory.resolve("other"));
    try (var node = EmbeddedKurrentDb.builder().start()) {
      node.append(
          LongStream.of(100, 200, 300)
              .mapToObj(at -> record(at, "{\"Degrees\":%d,\"Serial\":\"a\"}".formatted(at / 10))));
      var bronze =
          new BronzeOptions(other, KurrentDbs.reach(node, directory), "sensor", "sensors", 1000);
      Bronze.ingest(SPARK, bronze, Progress.unwatched());
      run(other, FORMER);
      node.scavenge(300);
      lakehouse = other;
      var events = lakehouse.table(BronzeTables.EVENTS).sqlName();
      SPARK.sql("UPDATE " + events + " SET data = '{}' WHERE log_position = 200");
      SPARK.sql("DELETE FROM " + events + " WHERE log_position = 100");
      execute("DELETE FROM %s WHERE log_position < 300");

      TableReplay.run(
          SPARK,
          new ReplayOptions(
              lakehouse,
              lifecycle(FORMER),
              UTC,
              Optional.of(bronze),
              List.of(),
              Optional.empty(),
              OptionalLong.empty(),
              OnceCompared.SWITCH_WHATEVER_DIFFERS),
          Progress.unwatched());
    }
    assertThat(degrees()).containsExactly(tuple(100L, 10), tuple(200L, 20), tuple(300L, 30));
    assertThat(
            lakehouse
                .table(BronzeTables.EVENTS)
                .read(SPARK)
                .filter("data LIKE '%Degrees%'")
                .count())
        .isEqualTo(3);
    assertThat(run(lakehouse, FORMER).get(1)).isEqualTo(JobReport.nothingNew());
  }

  private void erase(String stream) {
    Erasures.of(SPARK, lakehouse, lifecycle(FORMER), List.of()).erase(stream);
  }

  private static LogRecord record(long position, String data) {
    var id = UUID.nameUUIDFromBytes(new byte[] {(byte) (position / 100)});
    return LogRecord.json(position, position, 1_738_168_933_527L, "sensor-1", "Measured", id, data);
  }

  private List<Replayed> replay(Projection projection, OnceCompared onceCompared) {
    return TableReplay.run(SPARK, options(projection, onceCompared), Progress.unwatched());
  }

  private ReplayOptions options(Projection projection, OnceCompared onceCompared) {
    return new ReplayOptions(
        lakehouse,
        lifecycle(projection),
        UTC,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        OptionalLong.empty(),
        onceCompared);
  }

  private static Lifecycle lifecycle(Projection projection) {
    return new Lifecycle(
        "sensor",
        TableDeclaration.table("gold", "sensor", "One row per sensor")
            .columns(
                List.of(
                    Column.required("stream", "STRING", "Stream"),
                    Column.optional("degrees", "INT", "Last temperature"),
                    Column.required("open_quarantine", "BIGINT", "Events that are open")))
            .key("stream"),
        List.of(projection),
        SqlTemplate.beside(ReplayTest.class, "sensors.sql"));
  }

  private static List<JobReport> run(Lakehouse lakehouse, Projection projection) {
    return List.of(
        Silver.project(SPARK, lakehouse, projection, Progress.unwatched()),
        Gold.refresh(SPARK, lakehouse, lifecycle(projection), Progress.unwatched()));
  }

  /** Compares all tables with those of a lakehouse that has the same events and no past. */
  private void assertLikeAFreshRunOf(Projection projection) {
    var fresh = Lakehouse.at(directory.resolve("fresh"));
    fresh.ensure(SPARK, BronzeTables.EVENTS);
    Bronze.takeOver(fresh, lakehouse.table(BronzeTables.EVENTS).read(SPARK));
    run(fresh, projection);
    run(lakehouse, projection);
    for (var table : List.of(projection.table(), lifecycle(projection).table())) {
      SameRows.assertSameRows(fresh.table(table).read(SPARK), lakehouse.table(table).read(SPARK));
    }
    SameRows.assertSameRows(open(fresh), open(lakehouse));
  }

  private static Dataset<Row> open(Lakehouse lakehouse) {
    return lakehouse
        .table(QuarantineTable.DECLARATION)
        .read(SPARK)
        .filter("state = 'open'")
        .drop("first_attempt", "last_attempt");
  }

  private io.github.kurrentlake.table.Table silver() {
    return lakehouse.table(FORMER.table());
  }

  private void execute(String statement) {
    SPARK.sql(statement.formatted(silver().sqlName()));
  }

  private List<org.assertj.core.groups.Tuple> degrees() {
    return silver().read(SPARK).orderBy("log_position").collectAsList().stream()
        .map(row -> tuple(row.<Long>getAs("log_position"), row.<Integer>getAs("degrees")))
        .toList();
  }

  private List<org.assertj.core.groups.Tuple> status() {
    return TableReplay.status(SPARK, lakehouse).select("state").collectAsList().stream()
        .map(row -> tuple(row.getString(0)))
        .toList();
  }

  private List<String> commits(long after) {
    return SPARK
        .sql("DESCRIBE HISTORY " + silver().sqlName())
        .filter("version > " + after)
        .orderBy("version")
        .select("operation")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }
}
