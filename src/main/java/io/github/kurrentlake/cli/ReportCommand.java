package io.github.kurrentlake.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A page about the lakehouse. */
@Command(
    name = "report",
    description = {
      "Write a page of HTML: how fresh and complete the tables are, what the tasks took, what is in"
          + " quarantine, how large the tables are, and how far the entities came.",
      "Without --endpoint it asks an embedded KurrentDB: give the options of the run that filled the"
          + " lakehouse."
    })
final class ReportCommand implements Callable<Integer> {
  private final Launcher launcher;

  @Mixin private KurrentDbAccess kurrentdb;

  @Mixin private LakehouseOption lakehouse;

  @Mixin private PipelineOption pipeline;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where it is written. Default: report.html in the lakehouse.")
  private Path file;

  @Spec private CommandSpec spec;

  private ReportCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  static CommandLine commandLine(Launcher launcher) {
    return KurrentDbAccess.SETTINGS.commandLine(new ReportCommand(launcher));
  }

  @Override
  public Integer call() {
    var parameters = KurrentDbAccess.SETTINGS.given(spec.commandLine().getParseResult());
    kurrentdb.check(parameters);
    var directory = lakehouse.existing();
    parameters.put("catalog", directory.toString());
    pipeline.addTo(parameters);
    var target = file == null ? ReportFile.in(directory) : file.toAbsolutePath();
    try (var session = LocalSession.start(directory, "kurrentlake-report")) {
      return kurrentdb.use(
          launcher,
          parameters,
          (all, environment) -> {
            var node = KurrentDbAccess.node(all, environment);
            ReportFile.write(pipeline.tasks(session.spark(), directory), node, target);
            launcher.out().println("Report: " + target);
            launcher.out().flush();
            return 0;
          });
    }
  }
}
