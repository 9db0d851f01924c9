package io.github.kurrentlake.cli;

import io.github.kurrentlake.erase.Erasure;
import io.github.kurrentlake.erase.Erasures;
import io.github.kurrentlake.erase.Standing;
import io.github.kurrentlake.error.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A person's right to be forgotten. */
@Command(
    name = "erase",
    description = {
      "Erase a stream of the local lakehouse: its rows leave every table, and no run brings them back,"
          + " also while KurrentDB has it. Run it while no other run writes.",
      "--purge removes the files that held the rows, and says until when some have to stay; run it"
          + " again then, which needs no name."
    })
final class EraseCommand implements Callable<Integer> {
  private static final String COLUMNS = "table STRING, rows BIGINT, `old files until` STRING";

  private final Launcher launcher;

  @Mixin private LakehouseOption lakehouse;

  @Mixin private PipelineOption pipeline;

  @Option(names = "--stream", paramLabel = "STREAM", description = "The stream's whole name.")
  private String stream;

  @Option(names = "--report", description = "Only say where the stream still stands.")
  private boolean isReport;

  @Option(names = "--purge", description = "Remove the files that tables no longer show.")
  private boolean isPurge;

  @Option(
      names = "--retention-hours",
      paramLabel = "N",
      description =
          "With --purge: remove files that are so old, whatever retention the tables have. Who reads"
              + " older versions or changes of the tables then finds them gone.")
  private Long retentionHours;

  EraseCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public Integer call() {
    check();
    var directory = lakehouse.existing();
    try (var session = LocalSession.start(directory, "kurrentlake-erase")) {
      var erasures = pipeline.tasks(session.spark(), directory).erasures();
      if (isReport) {
        report(erasures);
      } else {
        if (stream != null) {
          erase(erasures);
        }
        if (isPurge) {
          purge(erasures);
        }
      }
    }
    launcher.out().flush();
    return 0;
  }

  private void check() {
    if (stream == null && (isReport || !isPurge)) {
      throw ErrorCode.MISSING_OPTION.error().with("option", "--stream");
    }
    if (isReport && isPurge) {
      throw ErrorCode.CONFLICTING_OPTIONS.error().with("options", "--report, --purge");
    }
    if (retentionHours != null && !isPurge) {
      throw ErrorCode.MISSING_OPTION
          .error()
          .with("option", "--purge")
          .with("for", "--retention-hours");
    }
    if (retentionHours != null && retentionHours < 0) {
      throw ErrorCode.BAD_OPTION
          .error()
          .with("option", "--retention-hours")
          .with("value", retentionHours)
          .with("expected", "0 or more");
    }
  }

  private void erase(Erasures erasures) {
    var before = erasures.find(stream);
    var erasure = erasures.erase(stream);
    if (before.isPresent() && before.get().doneAt().equals(erasure.doneAt())) {
      launcher.out().println("It was erased before.");
    }
    print(erasure);
  }

  private void print(Erasure erasure) {
    var out = launcher.out();
    out.printf(
        "Erased    %s%n", erasure.doneAt().map(Object::toString).orElse("not all of it yet"));
    out.printf("SHA-256   %s%n", erasure.hash());
    erasure.rowsRemoved().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(rows -> out.printf("  %,d rows of %s%n", rows.getValue(), rows.getKey()));
  }

  private void purge(Erasures erasures) {
    var kept = retentionHours == null ? erasures.purge() : erasures.purgeOlderThan(retentionHours);
    if (kept.isEmpty()) {
      launcher.out().println("No file holds rows of erased streams any more.");
    } else {
      launcher.out().println("These tables keep files for a while; purge again then:");
      print(kept);
    }
  }

  private void report(Erasures erasures) {
    erasures.find(stream).ifPresent(this::print);
    var standing = erasures.report(stream);
    if (standing.isEmpty()) {
      launcher.out().println("It stands in no table, and in no file that a table keeps.");
    } else {
      print(standing);
    }
  }

  private void print(List<Standing> standing) {
    var rows =
        standing.stream()
            .map(
                one ->
                    RowFactory.create(
                        one.table(), one.rows(), one.filesUntil().map(Object::toString).orElse("")))
            .iterator();
    TablePrinter.to(launcher.out())
        .indented("  ")
        .body((StructType) DataType.fromDDL(COLUMNS), rows);
  }
}
