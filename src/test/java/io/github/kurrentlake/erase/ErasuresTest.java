package io.github.kurrentlake.erase;

import static io.github.kurrentlake.payload.Field.integer;
import static io.github.kurrentlake.payload.Field.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.bronze.ErasedStreams;
import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.table.TableSession;
import io.github.kurrentlake.testing.BronzeRows;
import io.github.kurrentlake.testing.SharedSpark;
import io.github.kurrentlake.testing.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream that is named after a person, beside those of others in the same files. */
class ErasuresTest {
  private static final SparkSession SPARK = TableSession.of(SharedSpark.session());
  private static final String ANNA = "sensor-anna@example.com";
  private static final String SURNAME = "Kowalewska";

  private static final Projection MEASURED =
      Projection.of("measured", "One row per Measured event", "Measured")
          .fields(
              integer("degrees", "Degrees", "Temperature"),
              text("owner", "Owner", "Who owns the sensor").personal());

  private static final TableDeclaration SENSORS =
      TableDeclaration.table("gold", "sensors", "One row per sensor")
          .columns(
              List.of(
                  Column.required("stream", "STRING", "Stream of the sensor").personal(),
                  Column.required("log_position", "BIGINT", "Position of its last event"),
                  Column.optional("owner", "STRING", "Who owns it").personal()))
          .reliableKey("stream")
          .statisticsOf("log_position")
          .changeFeed()
          .property("delta.enableDeletionVectors", "true");

  private static final Lifecycle LIFECYCLE =
      new Lifecycle(
          "sensor",
          SENSORS,
          List.of(MEASURED),
          SqlTemplate.beside(ErasuresTest.class, "sensors.sql"));

  @TempDir private static Path shared;
  @TempDir private Path directory;
  private Path place;
  private Lakehouse lakehouse;
  private Erasures erasures;

  /** Each table has a row of hers: the first file of Bronze holds those of others too. */
  @BeforeAll
  static void oneRun() {
    // So that a search of the files finds what stands in them.
    SPARK.conf().set("spark.sql.parquet.compression.codec", "uncompressed");
    var first = Lakehouse.at(shared.resolve("lakehouse"));
    events(new BronzeRows()).append(SPARK, first);
    run(first);
  }

  private static BronzeRows events(BronzeRows rows) {
    return rows.event(100, "sensor-1", "Measured", owned("Smith"))
        .event(200, ANNA, "Measured", owned(SURNAME))
        .event(300, ANNA, "Measured", "{\"Degrees\":\"%s\"}".formatted(SURNAME))
        .event(400, ANNA, "Moved", "{\"To\":\"%s\"}".formatted(SURNAME))
        .event(500, "sensor-3", "Measured", owned("Young"));
  }

  private static String owned(String name) {
    return "{\"Degrees\":20,\"Owner\":\"%s\"}".formatted(name);
  }

  @BeforeEach
  void inACopy() {
    place = Trees.copy(shared.resolve("lakehouse"), directory.resolve("lakehouse"));
    lakehouse = Lakehouse.at(place);
    erasures = Erasures.of(SPARK, lakehouse, LIFECYCLE, List.of());
  }

  @Test
  void anErasedStreamStandsInNoTableAndTheProofSaysHowManyRowsItHad() {
    var erasure = erasures.erase(ANNA);

    assertErased();
    assertThat(erasure.rowsRemoved())
        .isEqualTo(
            Map.of(
                "bronze.events",
                3L,
                "silver.measured",
                1L,
                "ops.quarantine",
                1L,
                "gold.sensors",
                1L));
    assertThat(erasure.doneAt()).isPresent();
    assertThat(erasure.purgedAt()).isEmpty();
    assertThat(count(ErasedStreams.TABLE, "stream_hash = sha2('" + ANNA + "', 256)")).isOne();
    // Again it changes nothing.
    assertThat(erasures.erase(ANNA)).isEqualTo(erasure);
  }

  @Tag("long")
  @Test
  void theLayersGoOnWithoutReadingAllAgain() {
    erasures.erase(ANNA);
    new BronzeRows().event(600, "sensor-1", "Measured", owned("Smith")).append(SPARK, lakehouse);

    assertThat(project(lakehouse)).isEqualTo(new JobReport(1, 1));
    assertThat(refresh(lakehouse).notes()).containsExactly("refreshed in 2 streams");
    assertErased();
    assertThat(refresh(lakehouse)).isEqualTo(JobReport.nothingNew());
  }

  @Tag("long")
  @Test
  void whatComesBackToBronzeLandsNowhereAndIsErasedAgain() {
    erasures.erase(ANNA);
    SPARK.sql("DELETE FROM " + sql(BronzeTables.EVENTS));
    events(new BronzeRows()).append(SPARK, lakehouse);
    Silver.forget(SPARK, lakehouse, MEASURED);
    run(lakehouse);

    assertThat(erasures.rows(ANNA)).isEqualTo(Map.of("bronze.events", 3L));
    Gold.rebuild(SPARK, lakehouse, LIFECYCLE, Progress.unwatched());
    assertThat(erasures.rows(ANNA)).isEqualTo(Map.of("bronze.events", 3L));
    erasures.erase(ANNA);
    assertErased();
  }

  /** After each of the steps: the proof, and four tables. */
  @Tag("long")
  @Test
  void oneThatWasKilledIsFinishedByTheSameCall() {
    for (var steps = 1; steps <= 5; steps++) {
      erasures.steps(ANNA).stream().limit(steps).forEach(Runnable::run);
      assertThat(erasures.find(ANNA).orElseThrow().doneAt()).isEmpty();
      // Tasks that run between leave it as it is.
      run(lakehouse);
    }

    var erasure = erasures.erase(ANNA);
    assertErased();
    assertThat(erasure.doneAt()).isPresent();
    assertThat(erasure.rowsRemoved()).hasSize(4);
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void oneThatWasKilledEarlyIsFinishedByTheSameCall(int steps) {
    erasures.steps(ANNA).stream().limit(steps).forEach(Runnable::run);

    erasures.erase(ANNA);
    assertErased();
  }

  @Test
  void aStreamThatNoTableHasIsRefused() {
    for (var stream : List.of("", "sensor-Anna@example.com")) {
      assertThatThrownBy(() -> erasures.erase(stream)).hasMessageContaining("KL-330");
    }
    assertThat(count(ErasedStreams.TABLE, "true")).isZero();
  }

  @Tag("long")
  @Test
  void afterAPurgeNoFileHoldsThePersonsNameOrStream() throws IOException {
    assertThat(filesThatHold(SURNAME)).isNotEmpty();
    erasures.erase(ANNA);

    var kept = erasures.purge();
    assertThat(kept)
        .extracting(Standing::table)
        .containsExactly("bronze.events", "silver.measured", "ops.quarantine", "gold.sensors");
    var done = erasures.find(ANNA).orElseThrow().doneAt().orElseThrow();
    assertThat(kept)
        .allSatisfy(one -> assertThat(one.filesUntil()).hasValue(done.plusSeconds(7 * 86_400)));
    assertThat(erasures.report(ANNA)).isEqualTo(kept);
    assertThat(filesThatHold(SURNAME)).isNotEmpty();

    assertThatThrownBy(() -> erasures.purgeOlderThan(0))
        .hasMessageContaining("KL-331")
        .hasMessageContaining("silver.measured");
    run(lakehouse);
    assertThat(erasures.purgeOlderThan(0)).isEmpty();

    assertThat(filesThatHold(SURNAME)).isEmpty();
    assertThat(filesThatHold("anna@example")).isEmpty();
    assertThat(filesThatHold("Smith")).isNotEmpty();
    assertThat(erasures.find(ANNA).orElseThrow().purgedAt()).isPresent();
    assertThat(erasures.report(ANNA)).isEmpty();
    new BronzeRows().event(600, "sensor-1", "Measured", owned("Smith")).append(SPARK, lakehouse);
    assertThat(project(lakehouse)).isEqualTo(new JobReport(1, 1));
    // It cannot follow any more, and does not go wrong.
    refresh(lakehouse);
    assertErased();
  }

  private List<Path> filesThatHold(String text) throws IOException {
    try (var files = Files.walk(place)) {
      return files.filter(Files::isRegularFile).filter(file -> holds(file, text)).toList();
    }
  }

  private static boolean holds(Path file, String text) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertErased() {
    assertThat(erasures.rows(ANNA)).isEmpty();
    for (var table : List.of(BronzeTables.EVENTS, MEASURED.table(), SENSORS)) {
      assertThat(count(table, "stream = '" + ANNA + "'")).isZero();
      assertThat(count(table, "stream <> '" + ANNA + "'")).isGreaterThanOrEqualTo(2);
    }
    assertThat(count(QuarantineTable.DECLARATION, "true")).isZero();
  }

  private long count(TableDeclaration table, String condition) {
    return lakehouse.table(table).read(SPARK).filter(condition).count();
  }

  private String sql(TableDeclaration table) {
    return lakehouse.table(table).sqlName();
  }

  private static void run(Lakehouse lakehouse) {
    project(lakehouse);
    refresh(lakehouse);
  }

  private static JobReport project(Lakehouse lakehouse) {
    return Silver.project(SPARK, lakehouse, MEASURED, Progress.unwatched());
  }

  private static JobReport refresh(Lakehouse lakehouse) {
    return Gold.refresh(SPARK, lakehouse, LIFECYCLE, Progress.unwatched());
  }
}
