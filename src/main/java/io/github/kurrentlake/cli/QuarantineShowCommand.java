package io.github.kurrentlake.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** One quarantined event. */
@Command(name = "show", description = "Show all that quarantine knows of one event.")
final class QuarantineShowCommand implements Callable<Integer> {
  private final Launcher launcher;

  @Parameters(paramLabel = "POSITION", description = "The event's log_position.")
  private long position;

  @ParentCommand private QuarantineCommand quarantine;

  QuarantineShowCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public Integer call() throws IOException {
    quarantine.use(found -> found.show(position).forEach(this::print));
    return 0;
  }

  private void print(Row row) {
    var names = row.schema().fieldNames();
    for (var i = 0; i < names.length; i++) {
      if (!row.isNullAt(i)) {
        launcher.out().printf("%-13s  %s%n", names[i], Cells.visible(row.get(i)));
      }
    }
    launcher.out().println();
  }
}
