package io.github.kurrentlake.silver;

import static io.github.kurrentlake.payload.Field.integer;
import static io.github.kurrentlake.silver.MeasuredEvents.BAD;
import static io.github.kurrentlake.silver.MeasuredEvents.GOOD;
import static io.github.kurrentlake.silver.MeasuredEvents.MEASURED;
import static io.github.kurrentlake.silver.MeasuredEvents.SPARK;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.BronzeRows;
import io.github.kurrentlake.testing.Trees;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers that do not fit together any more: one of them was removed, emptied, or is a backup. */
@Tag("long")
class RestoredLayersTest {
  @TempDir private static Path shared;
  private static Path former;
  private static Path latter;
  @TempDir private Path directory;
  private Path place;
  private Lakehouse lakehouse;

  /** A lakehouse after its first run, and the same after its second. */
  @BeforeAll
  static void twoRuns() {
    var runs = shared.resolve("runs");
    var lakehouse = Lakehouse.at(runs);
    new BronzeRows().event(100, "s-1", "Measured", GOOD).append(SPARK, lakehouse);
    new BronzeRows().event(200, "s-1", "Measured", BAD).append(SPARK, lakehouse);
    project(lakehouse);
    former = Trees.copy(runs, shared.resolve("former"));
    new BronzeRows()
        .event(300, "s-1", "Measured", GOOD)
        .event(400, "s-1", "Measured", BAD)
        .append(SPARK, lakehouse);
    project(lakehouse);
    latter = Trees.copy(runs, shared.resolve("latter"));
  }

  @BeforeEach
  void afterTheSecondRun() {
    place = Trees.copy(latter, directory.resolve("lakehouse"));
    lakehouse = Lakehouse.at(place);
  }

  @Test
  void whatFitsIsNotReadAgain() {
    SPARK.sql("OPTIMIZE " + lakehouse.table(MEASURED.table()).sqlName());
    SPARK.sql("OPTIMIZE " + lakehouse.table(BronzeTables.EVENTS).sqlName());

    assertThat(project(lakehouse)).isEqualTo(JobReport.nothingNew());
    assertThat(project(lakehouse)).isEqualTo(JobReport.nothingNew());
  }

  @ParameterizedTest
  @ValueSource(strings = {"silver/measured", "ops/quarantine"})
  void aTableThatWasRemovedGetsItsRowsBack(String table) {
    Trees.delete(place.resolve(table));
    assertHealed();
  }

  @ParameterizedTest
  @ValueSource(strings = {"silver/measured", "ops/quarantine"})
  void aTableThatWasEmptiedGetsItsRowsBack(String table) {
    SPARK.sql("DELETE FROM delta.`" + place.resolve(table) + "`");
    assertHealed();
  }

  @ParameterizedTest
  @ValueSource(strings = {"silver/measured", "ops/quarantine"})
  void aTableFromABackupGetsTheLaterRows(String table) {
    Trees.delete(place.resolve(table));
    Trees.copy(former.resolve(table), place.resolve(table));
    assertHealed();
  }

  /** So a power cut may leave a file that was written and not yet on the disk. */
  @ParameterizedTest
  @ValueSource(strings = {"silver/measured", "ops/quarantine"})
  void aTableWhoseLastCommitHoldsNothingGetsItsRowsBack(String table) {
    Trees.emptyLastCommit(place.resolve(table));
    assertHealed();
  }

  @Test
  void aBronzeFromABackupUsesItsVersionNumbersForOtherEvents() {
    Trees.delete(place.resolve("bronze/events"));
    Trees.copy(former.resolve("bronze/events"), place.resolve("bronze/events"));
    new BronzeRows()
        .event(300, "s-1", "Measured", GOOD)
        .event(400, "s-1", "Measured", BAD)
        .event(500, "s-1", "Measured", GOOD)
        .append(SPARK, lakehouse);
    assertHealed();
  }

  @Test
  void everyRunOfAnotherDeclarationSaysWhatStandsUnderTheFormer() {
    var stricter = MEASURED.fields(integer("degrees", "Degrees", "Temperature").required());
    var first = Silver.project(SPARK, lakehouse, stricter, Progress.unwatched());
    assertThat(first.notes())
        .singleElement()
        .asString()
        .contains("silver.measured holds rows of the former one");
    assertThat(Silver.project(SPARK, lakehouse, stricter, Progress.unwatched()))
        .isEqualTo(JobReport.nothingNew().noting(first.notes()));
    Trees.delete(place.resolve("silver/measured"));
    Silver.project(SPARK, lakehouse, stricter, Progress.unwatched());
    new Landed(lakehouse, stricter).assertEachEventOnce();
  }

  private void assertHealed() {
    assertThat(project(lakehouse).notes())
        .singleElement()
        .asString()
        .contains("all of Bronze was read again");
    new Landed(lakehouse, MEASURED).assertEachEventOnce();
    assertThat(project(lakehouse)).isEqualTo(JobReport.nothingNew());
  }

  private static JobReport project(Lakehouse lakehouse) {
    return Silver.project(SPARK, lakehouse, MEASURED, Progress.unwatched());
  }
}
