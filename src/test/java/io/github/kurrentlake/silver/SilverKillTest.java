package io.github.kurrentlake.silver;

import static io.github.kurrentlake.payload.Field.integer;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.BronzeRows;
import io.github.kurrentlake.testing.KilledJvm;
import io.github.kurrentlake.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that fills Bronze and projects it, again and again, is killed at any moment. */
@Tag("long")
class SilverKillTest {
  private static final Projection MEASURED =
      Projection.of("measured", "One row per Measured event", "Measured")
          .fields(integer("degrees", "Degrees", "Temperature"));

  private static final int MOST_MILLIS = 3_000;
  private static final int ROUND = 30;
  private static final int STEP = 1_000;

  private static final String FILLED = "Bronze is filled";
  private static final String PROJECTED = "it is projected";

  @TempDir private Path directory;

  @Test
  void aKilledProcessLosesNothingAndRepeatsNothing() throws IOException, InterruptedException {
    var lakehouse = Lakehouse.at(directory.resolve("lakehouse"));
    var random = KilledJvm.chance();
    for (var kill = 0; kill < KilledJvm.kills(); kill++) {
      // In its first run, which is slow and makes the tables, or in one of those that follow.
      var awaited = kill % 2 == 0 ? FILLED : PROJECTED;
      KilledJvm.of(
              SilverKillTest.class,
              directory.resolve("child.log"),
              directory.resolve("lakehouse").toString(),
              Integer.toString(kill))
          .killAfter(awaited, random.nextInt(MOST_MILLIS));
    }

    project(lakehouse);

    var landed = new Landed(lakehouse, MEASURED);
    landed.assertEachEventOnce();
    assertThat(landed.silver()).isNotEmpty().noneMatch(SilverKillTest::isBad);
    assertThat(landed.quarantine("open")).isNotEmpty().allMatch(SilverKillTest::isBad);
    assertThat(project(lakehouse)).isEqualTo(JobReport.nothingNew());
  }

  private static JobReport project(Lakehouse lakehouse) {
    return Silver.project(SharedSpark.session(), lakehouse, MEASURED, Progress.unwatched());
  }

  private static boolean isBad(long position) {
    return position / STEP % 3 == 0;
  }

  /**
   * The child: events, and a run after each few. Those of a later child begin again between those
   * of the earlier ones, so that some are beyond all that has landed and some are not.
   */
  public static void main(String[] arguments) {
    var lakehouse = Lakehouse.at(Path.of(arguments[0]));
    var rows = new BronzeRows();
    for (var number = 0L; ; number++) {
      var position = number * STEP + Integer.parseInt(arguments[1]);
      var degrees = isBad(position) ? "\"hot\"" : "20";
      rows.event(position, "sensor-1", "Measured", "{\"Degrees\":" + degrees + "}");
      if (number % ROUND == ROUND - 1) {
        rows.append(SharedSpark.session(), lakehouse);
        System.out.println(FILLED);
        project(lakehouse);
        System.out.println(PROJECTED);
      }
    }
  }
}
