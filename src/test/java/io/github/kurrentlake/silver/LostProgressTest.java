package io.github.kurrentlake.silver;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.testing.Trees;
import io.github.kurrentlake.testing.Vacuum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What becomes of Silver when a checkpoint, Bronze or its files were lost, restored or rewritten.
 */
@Tag("long")
class LostProgressTest extends MeasuredEvents {
  @Test
  void aCheckpointMayBeDeletedOrRestoredOrMissItsLastCommit() throws IOException {
    bronze(100, GOOD, 200, BAD);
    project();
    Trees.copy(checkpoint(), directory.resolve("backup"));
    bronze(300, GOOD, 400, BAD);
    project();
    bronze(500, GOOD, 600, BAD);
    project();

    Files.delete(checkpoint().resolve("commits").resolve("2"));
    Files.delete(checkpoint().resolve("commits").resolve(".2.crc"));
    assertThat(project()).isEqualTo(new JobReport(2, 0, 0));
    landed.assertEachEventOnce();

    bronze(700, GOOD, 800, BAD);
    Trees.delete(checkpoint());
    Trees.copy(directory.resolve("backup"), checkpoint());
    assertThat(project()).isEqualTo(new JobReport(6, 1, 1));
    landed.assertEachEventOnce();

    Trees.delete(checkpoint());
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
    Vacuum.allFormerFiles(SPARK, events);
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

    assertThat(project().noting(List.of())).isEqualTo(new JobReport(3, 0, 0));
    Trees.delete(checkpoint());
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
    Trees.delete(checkpoint());

    assertThat(project()).isEqualTo(new JobReport(2, 0, 1));
    landed.assertEachEventOnce();
  }

  private Path checkpoint() {
    return Path.of(lakehouse.checkpoint(MEASURED.checkpoint()));
  }
}
