package io.github.kurrentlake.cli;

import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.EventsFile;
import io.github.kurrentlake.embedded.loans.SampleLoans;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that say what the embedded KurrentDB holds: sample loans, or a file of events. */
final class LogSource {
  private static final long LOANS = 10_000;
  private static final long SEED = 1;

  @Option(
      names = "--loans",
      paramLabel = "N",
      description = "How many sample loans the embedded KurrentDB holds. Default: 10000.")
  private Long loans;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Which sample loans: the same number gives the same loans. Default: 1.")
  private Long seed;

  @Option(
      names = "--events",
      paramLabel = "FILE",
      description =
          "Events for the embedded KurrentDB instead of sample loans: JSON lines, also in gzip, or"
              + " Parquet, with the columns of kdb.records.")
  private Path events;

  /** Refuses options that contradict each other. */
  void check() {
    if (loans != null && loans < 0) {
      throw ErrorCode.BAD_OPTION
          .error()
          .with("option", "--loans")
          .with("value", loans)
          .with("expected", "a number that is not negative");
    }
    if (events != null) {
      refuseWith("--events");
    }
  }

  /** Refuses every option of these beside another one. */
  void refuseAllWith(String option) {
    refuseWith(option);
    if (events != null) {
      throw conflict("--events", option);
    }
  }

  /** Whether a file was named. */
  boolean isFile() {
    return events != null;
  }

  EventsFile file() {
    return EventsFile.at(events);
  }

  /** What is loaded, for a person. */
  String description() {
    return isFile()
        ? "the events of " + events
        : "%,d sample loans".formatted(loans == null ? LOANS : loans);
  }

  /** Appends everything to a node. */
  void load(EmbeddedKurrentDb kurrentdb) {
    if (isFile()) {
      try (var records = file().records()) {
        kurrentdb.append(records);
      }
    } else {
      kurrentdb.append(
          SampleLoans.seed(seed == null ? SEED : seed).records(loans == null ? LOANS : loans));
    }
  }

  private void refuseWith(String option) {
    if (loans != null || seed != null) {
      throw conflict(loans != null ? "--loans" : "--seed", option);
    }
  }

  private static KurrentlakeException conflict(String one, String other) {
    return ErrorCode.CONFLICTING_OPTIONS.error().with("options", one + ", " + other);
  }
}
