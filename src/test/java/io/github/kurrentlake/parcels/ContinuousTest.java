package io.github.kurrentlake.parcels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.continuous.Continuous;
import io.github.kurrentlake.continuous.Round;
import io.github.kurrentlake.continuous.Termination;
import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.KurrentDbs;
import io.github.kurrentlake.testing.SharedSpark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds over a log that grows, until somebody asks them to end. */
class ContinuousTest {
  @TempDir private Path directory;

  @Test
  void eventsThatComeMeanwhileAreInGoldAndTheRoundUnderWayIsFinished() {
    var lakehouse = Lakehouse.at(directory.resolve("lakehouse"));
    var rounds = new ArrayList<Round>();
    JobReport report;
    try (var node = EmbeddedKurrentDb.builder().start();
        var termination = Termination.ofProcess()) {
      node.append(Stream.of(event(100, "ParcelPosted", "{\"weight\":1.5}")));
      report =
          Continuous.run(
              SharedSpark.session(),
              new BronzeOptions(
                  lakehouse, KurrentDbs.reach(node, directory), "parcel", "parcels", 1000),
              Parcels.JOURNEY,
              ZoneOffset.UTC,
              Duration.ofMillis(10),
              Optional.empty(),
              termination,
              round -> {
                rounds.add(round);
                if (rounds.size() == 1) {
                  node.append(Stream.of(event(200, "ParcelScanned", "{\"hub\":\"Ghent\"}")));
                } else {
                  new Thread(termination::ask).start();
                  while (!termination.isAsked()) {
                    Thread.onSpinWait();
                  }
                }
              });
    }

    assertThat(rounds)
        .extracting(Round::events, Round::rows)
        .containsExactly(tuple(1L, 1L), tuple(1L, 1L));
    assertThat(report).isEqualTo(new JobReport(2, 2).noting(report.notes()));
    assertThat(
            lakehouse
                .table(Parcels.JOURNEY.table())
                .read(SharedSpark.session())
                .select("last_hub")
                .collectAsList())
        .hasToString("[[Ghent]]");
  }

  private static LogRecord event(long position, String type, String data) {
    return LogRecord.json(
        position, position / 100, 1_738_168_933_527L, "parcel-a", type, null, data);
  }
}
