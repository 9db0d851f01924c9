package io.github.kurrentlake.bronze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.Trees;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Where a run begins: after one that died, at a mark that was set, at a log that is another one.
 */
class MarkTest extends OrdersLog {
  @Test
  void aRunThatDiedBetweenTwoBatchesGoesOnWhereItStopped() {
    append(0, 30);
    Progress dies =
        (eventsIn, rowsOut) -> {
          throw new IllegalStateException("killed");
        };
    assertThatThrownBy(() -> Bronze.ingest(spark, options(10, kurrentdb), dies))
        .hasMessage("killed");

    assertThat(ingest(10)).isEqualTo(new JobReport(20, 20));
    assertThat(positions()).isEqualTo(positions(0, 30));
  }

  @Test
  void aRunThatDiedAfterItsCommitAndBeforeTheMarkInsertsNothingTwice() {
    append(0, 30);
    ingest(10);
    // The state that such a death leaves: the data is there, the mark is the one before.
    setMark(900);

    assertThat(ingest(7)).isEqualTo(new JobReport(20, 0));
    assertThat(positions()).isEqualTo(positions(0, 30));
    assertThat(mark()).isEqualTo(2900);
  }

  @Test
  void resettingTheMarkAsTheGuideDoesReadsEverythingAndInsertsNothingTwice() {
    append(0, 12);
    ingest(100);
    setMark(0);

    assertThat(ingest(100)).isEqualTo(new JobReport(12, 0));
    assertThat(positions()).isEqualTo(positions(0, 12));
  }

  @Test
  void theMarkMayBeSetBackToANumberThatIsNoEventsPosition() {
    append(0, 12);
    ingest(100);
    spark.sql("DELETE FROM " + events() + " WHERE log_position IN (600, 900)");
    setMark(550);

    assertThat(ingest(100)).isEqualTo(new JobReport(6, 2));
    assertThat(positions()).isEqualTo(positions(0, 12));
    assertThat(mark()).isEqualTo(1100);
  }

  @Test
  void aBronzeThatWasEmptiedIsFilledAgainWhateverTheMarkSays() {
    append(0, 12);
    ingest(100);
    spark.sql("DELETE FROM " + events());

    assertThat(ingest(100))
        .isEqualTo(
            new JobReport(12, 12)
                .noting(
                    List.of(
                        "ops.ingest_hwm said 1100 and bronze.events ends at -1: read from there"
                            + " on")));
    assertThat(positions()).isEqualTo(positions(0, 12));
  }

  @Test
  void aMarkThatIsAheadOfBronzeIsSetToItsEndAndALateEventIsReadWithAnOverlap() {
    append(0, 12);
    ingest(100);
    setMark(5_000_000);
    assertThat(ingest(100).notes()).singleElement().asString().contains("5000000", "1100");
    assertThat(mark()).isEqualTo(1100);

    // A legacy transaction commits, and the event at the mark is scavenged, which is no alarm.
    kurrentdb.append(
        Stream.of(
            LogRecord.json(950, 0, TIME, "order-late", "OrderPlaced", null, "{}")
                .committedAt(1150)));
    append(12, 13);
    kurrentdb.forget(1100);
    assertThat(ingest(100)).isEqualTo(new JobReport(1, 1));
    var overlapping = options(100, kurrentdb).overlapping(300);
    assertThat(Bronze.ingest(spark, overlapping, Progress.unwatched()).spanning(Optional.empty()))
        .isEqualTo(new JobReport(3, 1));
    assertThat(positions()).contains(950L).hasSize(14);
    assertThat(mark()).isEqualTo(1200);
  }

  @Test
  void aMarkThatWasLostIsReadFromTheCommitsOfBronzeUnlessItWasRestored() {
    append(0, 12);
    ingest(5);
    append(12, 14);
    spark.sql("OPTIMIZE " + events());
    spark.sql("DELETE FROM " + lakehouse.table(BronzeTables.INGEST_HWM).sqlName());

    var report = ingest(100);
    assertThat(report.eventsIn()).isEqualTo(2);
    assertThat(report.notes()).singleElement().asString().contains("set to 1100");
    assertThat(mark()).isEqualTo(1300);
    assertThat(positions()).isEqualTo(positions(0, 14));

    spark.sql("RESTORE TABLE %s TO VERSION AS OF 1".formatted(events()));
    spark.sql("DELETE FROM " + lakehouse.table(BronzeTables.INGEST_HWM).sqlName());
    assertThat(ingest(100).rowsOut()).isEqualTo(9);
    assertThat(positions()).isEqualTo(positions(0, 14));
  }

  @Test
  void theMarkIsNeverLowered() {
    append(0, 5);
    ingest(100);
    new HighWaterMark(spark, lakehouse.table(BronzeTables.INGEST_HWM), PIPELINE).raise(100);

    assertThat(mark()).isEqualTo(400);
  }

  @Test
  void aRestoredOrForeignLogIsNoticedAndNothingIsRead() {
    append(0, 10);
    ingest(100);
    kurrentdb.truncateAfter(500);
    assertCode(() -> ingest(100), ErrorCode.SOURCE_WENT_BACK);

    kurrentdb.append(
        Stream.of(LogRecord.json(900, 9, TIME, "order-else", "OrderPlaced", null, "{}")));
    assertCode(() -> ingest(100), ErrorCode.SOURCE_WENT_BACK);
    assertThat(positions()).isEqualTo(positions(0, 10));
  }

  /** As the guide's notebook fills it. */
  @Test
  void aBronzeWithoutRevisionsAndIdsIsKnownByTheRest() {
    append(0, 10);
    ingest(100);
    spark.sql("UPDATE " + events() + " SET stream_revision = NULL, record_id = NULL");
    append(10, 12);

    assertThat(ingest(100)).isEqualTo(new JobReport(2, 2));
    spark.sql("DELETE FROM " + events() + " WHERE log_position > 900");
    kurrentdb.truncateAfter(-1);
    kurrentdb.append(records(0, 12, TIME + 1));
    assertCode(() -> ingest(100), ErrorCode.SOURCE_WENT_BACK);
  }

  @Test
  void aLogThatWasRestoredAndGrewBeyondTheMarkIsNoticed() {
    append(0, 10);
    ingest(100);
    kurrentdb.truncateAfter(500);
    kurrentdb.append(
        Stream.of(
            LogRecord.json(650, 6, TIME, "order-1", "OrderPlaced", null, "{}"),
            LogRecord.json(1200, 7, TIME, "order-1", "OrderPlaced", null, "{}")));
    assertCode(() -> ingest(100), ErrorCode.SOURCE_WENT_BACK);
    assertThat(positions()).isEqualTo(positions(0, 10));
  }

  @Test
  void whatACommitThatHoldsNothingHasLostIsReadAgain() {
    append(0, 10);
    ingest(100);
    append(10, 20);
    ingest(100);
    var copy = Trees.copy(directory.resolve("lakehouse"), directory.resolve("after-a-power-cut"));
    Trees.emptyLastCommit(copy.resolve("bronze/events"));
    lakehouse = Lakehouse.at(copy);

    assertThat(ingest(100).rowsOut()).isEqualTo(10);
    assertThat(positions()).isEqualTo(positions(0, 20));
  }

  @Test
  void anotherLogIsNoticedWithoutTheMarkToo() {
    append(0, 10);
    ingest(100);
    kurrentdb.truncateAfter(-1);
    // The same streams and types at the same positions, at other times.
    kurrentdb.append(records(0, 12, TIME + 1));
    for (var mark : new long[] {900, 450, 0, -1}) {
      setMark(mark);
      assertCode(() -> ingest(100), ErrorCode.SOURCE_WENT_BACK);
    }
    spark.sql("DELETE FROM " + lakehouse.table(BronzeTables.INGEST_HWM).sqlName());
    assertCode(() -> ingest(100), ErrorCode.SOURCE_WENT_BACK);
    assertThat(positions()).isEqualTo(positions(0, 10));
  }

  @Test
  void anEventAtTheMarkThatWasScavengedIsNoAlarm() {
    append(0, 10);
    ingest(100);
    append(10, 12);
    kurrentdb.forget(900);
    kurrentdb.forget(800);

    assertThat(ingest(100)).isEqualTo(new JobReport(2, 2));
    assertThat(positions()).isEqualTo(positions(0, 12));
  }
}
