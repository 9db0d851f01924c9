package io.github.kurrentlake.cli;

import io.github.kurrentlake.pipeline.Planned;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What a run would do. */
@Command(
    name = "plan",
    description = {
      "Show what the next run would do, and write nothing: tables that are made or get columns, rows"
          + " that an older declaration made, events that wait, and whether Gold is rebuilt.",
      "It ends with 1 when the run would be refused."
    })
final class PlanCommand implements Callable<Integer> {
  private static final String COLUMNS = "table STRING, `next run` STRING";

  private final Launcher launcher;

  @Mixin private KurrentDbAccess kurrentdb;

  @Mixin private LakehouseOption lakehouse;

  @Mixin private PipelineOption pipeline;

  @Spec private CommandSpec spec;

  private PlanCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  static CommandLine commandLine(Launcher launcher) {
    return KurrentDbAccess.SETTINGS.commandLine(new PlanCommand(launcher));
  }

  /** Spark makes the directory that it is given. */
  private static Path existing(Path directory) {
    return Files.exists(directory) ? directory : existing(directory.getParent());
  }

  @Override
  public Integer call() {
    var parameters = KurrentDbAccess.SETTINGS.given(spec.commandLine().getParseResult());
    kurrentdb.check(parameters);
    var directory = lakehouse.directory();
    pipeline.addTo(parameters);
    try (var session = LocalSession.start(existing(directory), "kurrentlake-plan")) {
      return kurrentdb.use(
          launcher,
          parameters,
          (all, environment) -> {
            var tasks = pipeline.tasks(session.spark(), directory);
            var out = launcher.out();
            var plan = tasks.plan();
            TablePrinter.to(out)
                .body(
                    (StructType) DataType.fromDDL(COLUMNS),
                    plan.stream()
                        .map(one -> RowFactory.create(one.table(), one.what()))
                        .iterator());
            var node = KurrentDbAccess.node(all, environment);
            var status = tasks.status(node);
            status.unanswered().ifPresent(error -> Failures.print(launcher, error));
            status
                .layers()
                .get(0)
                .eventsBehind()
                .ifPresent(events -> out.printf("%,d events wait in KurrentDB.%n", events));
            out.flush();
            return status.unanswered().isPresent() || plan.stream().anyMatch(Planned::isRefused)
                ? 1
                : 0;
          });
    }
  }
}
