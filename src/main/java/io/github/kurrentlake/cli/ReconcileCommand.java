package io.github.kurrentlake.cli;

import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.loans.Reconcile;
import io.github.kurrentlake.pipeline.PipelineReconcile;
import io.github.kurrentlake.reconcile.Comparison;
import io.github.kurrentlake.reconcile.ReconcileJob;
import io.github.kurrentlake.reconcile.Reconciliation;
import io.github.kurrentlake.silver.SilverJob;
import io.github.kurrentlake.source.KurrentDbSettings;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Whether anything is missing on the way from KurrentDB to Gold. */
@Command(
    name = "reconcile",
    description = {
      "Compare KurrentDB with Bronze, Bronze with Silver and quarantine, and these with Gold.",
      "Without --endpoint it compares with an embedded KurrentDB: give the options of the run that"
          + " filled the lakehouse. It ends with 1 and names the events when any are missing, doubled"
          + " or altered."
    })
final class ReconcileCommand implements Callable<Integer> {
  private static final TaskSettings TASK_SETTINGS =
      new TaskSettings(
          List.of(
              KurrentDbSettings.ENDPOINT,
              KurrentDbSettings.TLS_CA,
              SilverJob.TIMESTAMP_ZONE,
              ReconcileJob.FULL,
              ReconcileJob.PAYLOADS,
              ReconcileJob.REPAIR));

  private static final String COLUMNS =
      "table STRING, `compared above` BIGINT, expected BIGINT, found BIGINT, waiting BIGINT,"
          + " verdict STRING";

  private final Launcher launcher;

  @Mixin private KurrentDbAccess kurrentdb;

  @Mixin private LakehouseOption lakehouse;

  @Mixin private PipelineOption pipeline;

  @Spec private CommandSpec spec;

  private ReconcileCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  static CommandLine commandLine(Launcher launcher) {
    return TASK_SETTINGS.commandLine(new ReconcileCommand(launcher));
  }

  @Override
  public Integer call() {
    var parameters = TASK_SETTINGS.given(spec.commandLine().getParseResult());
    kurrentdb.check(parameters);
    var directory = lakehouse.existing();
    parameters.put("catalog", directory.toString());
    pipeline.addTo(parameters);
    try (var session = LocalSession.start(directory, "kurrentlake-reconcile")) {
      return kurrentdb.use(
          launcher,
          parameters,
          (all, environment) -> {
            launcher.out().println("Lakehouse  " + directory);
            launcher.out().flush();
            var job = pipeline.<ReconcileJob>job(Reconcile::new, PipelineReconcile::new);
            print(
                job.reconcile(
                    session.spark(), TaskSettings.of(job, all, environment), Progress.unwatched()));
            return 0;
          });
    }
  }

  private void print(Reconciliation reconciliation) {
    var out = launcher.out();
    var rows = reconciliation.comparisons().stream().map(ReconcileCommand::row).iterator();
    TablePrinter.to(out).body((StructType) DataType.fromDDL(COLUMNS), rows);
    reconciliation.notes().forEach(note -> out.println("  " + note));
    out.flush();
    ReconcileJob.requireClean(reconciliation);
    out.printf(
        "Through log_position %d nothing is missing, doubled or altered.%n",
        reconciliation.through());
    out.flush();
  }

  private static Row row(Comparison comparison) {
    return RowFactory.create(
        comparison.table(),
        comparison.above(),
        comparison.expected(),
        comparison.found(),
        comparison.waiting(),
        comparison.isUnchanged() ? "unchanged" : comparison.isClean() ? "clean" : "differs");
  }
}
