package io.github.kurrentlake.cli;

import io.github.kurrentlake.draft.Draft;
import io.github.kurrentlake.draft.Drift;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What events have and a pipeline does not read. */
@Command(
    name = "drift",
    description = {
      "Read a sample of each event type, and show the event types and keys that the pipeline does not"
          + " read, with the lines that would.",
      "It ends with 3 when there are any."
    })
final class DriftCommand implements Callable<Integer> {
  private static final int DRIFTED = 3;
  private static final int PERCENT = 100;

  private final Launcher launcher;

  @Mixin private KurrentDbAccess kurrentdb;

  @Mixin private PipelineOption pipeline;

  @Spec private CommandSpec spec;

  private DriftCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  static CommandLine commandLine(Launcher launcher) {
    return KurrentDbAccess.SETTINGS.commandLine(new DriftCommand(launcher));
  }

  @Override
  public Integer call() {
    var parameters = KurrentDbAccess.SETTINGS.given(spec.commandLine().getParseResult());
    kurrentdb.check(parameters);
    var declared = pipeline.pipeline();
    return kurrentdb.use(
        launcher,
        parameters,
        (all, environment) -> {
          var node = KurrentDbAccess.node(all, environment);
          var drift = Drift.of(Draft.of(node, declared.lifecycle().category()), declared);
          print(drift);
          return drift.isEmpty() ? 0 : DRIFTED;
        });
  }

  private void print(Drift drift) {
    var out = launcher.out();
    if (drift.isEmpty()) {
      out.println("The pipeline reads every event type and every key of the sample.");
      out.flush();
      return;
    }
    for (var projection : drift.projections()) {
      out.printf(
          "%s: %,d events that no projection takes%n",
          projection.type().schemaName(), projection.type().events());
    }
    drift
        .columns()
        .forEach(
            (table, columns) -> {
              for (var column : columns) {
                out.printf(
                    "silver.%s does not read %s: in %.1f %% of the events read, first at"
                        + " log_position %d%n",
                    table,
                    String.join(", ", column.places()),
                    column.present() * PERCENT,
                    column.firstPosition());
              }
            });
    out.println();
    out.print(drift.yaml());
    out.flush();
  }
}
