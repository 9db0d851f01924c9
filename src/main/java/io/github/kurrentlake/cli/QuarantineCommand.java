package io.github.kurrentlake.cli;

import io.github.kurrentlake.quarantine.Quarantine;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What is in quarantine, and the commands about it. */
@Command(
    name = "quarantine",
    description = {
      "List the events of the local lakehouse that no Silver table could take, by reason.",
      "An example is a log_position: quarantine show POSITION tells all of it."
    })
final class QuarantineCommand implements Callable<Integer> {
  private final Launcher launcher;

  @Mixin private QuarantineAccess access;

  private QuarantineCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  /** The command with its own commands. */
  static CommandLine commandLine(Launcher launcher) {
    return new CommandLine(new QuarantineCommand(launcher))
        .addSubcommand(new QuarantineShowCommand(launcher))
        .addSubcommand(new QuarantineRedriveCommand(launcher))
        .addSubcommand(new QuarantineDismissCommand(launcher));
  }

  @Override
  public Integer call() throws IOException {
    use(this::print);
    return 0;
  }

  /** Opens the quarantine that the options name, wherever they stand. */
  void use(Consumer<Quarantine> use) throws IOException {
    access.use(launcher, use);
  }

  private void print(Quarantine quarantine) {
    print(quarantine.list(), "Nothing is in quarantine.", "In quarantine:");
    launcher.out().println();
    print(
        quarantine.unclaimed(),
        "Every event type in Bronze has a projection.",
        "Event types that no projection takes; their events are in Bronze only:");
  }

  private void print(Dataset<Row> rows, String whenEmpty, String title) {
    var found = rows.collectAsList();
    if (found.isEmpty()) {
      launcher.out().println(whenEmpty);
      return;
    }
    launcher.out().println(title);
    TablePrinter.to(launcher.out()).indented("  ").body(rows.schema(), found.iterator());
  }
}
