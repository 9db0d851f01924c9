package io.github.kurrentlake.cli;

import io.github.kurrentlake.continuous.Termination;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.job.TaskRuns;
import io.github.kurrentlake.pipeline.BronzeJob;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.silver.SilverJob;
import io.github.kurrentlake.source.KurrentDbSettings;
import io.github.kurrentlake.workflow.LocalRun;
import io.github.kurrentlake.workflow.Outcome;
import io.github.kurrentlake.workflow.WorkflowFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The whole workflow on this machine. */
@Command(
    name = "run",
    description = {
      "Run the workflow on this machine: KurrentDB's events into Bronze, Silver and Gold.",
      "--pipeline runs another pipeline than the loans.",
      "Without --endpoint it starts an embedded KurrentDB with sample loans. Run again: only new"
          + " events move.",
      "The user of a real KurrentDB is in KURRENTDB_USERNAME and KURRENTDB_PASSWORD, or in the files"
          + " that KURRENTDB_USERNAME_FILE and KURRENTDB_PASSWORD_FILE name."
    })
final class RunCommand implements Callable<Integer> {
  private static final int REDRAW_MILLIS = 200;
  private static final double MILLIS = 1000;

  private static final TaskSettings TASK_SETTINGS =
      new TaskSettings(
          List.of(
              KurrentDbSettings.ENDPOINT,
              KurrentDbSettings.TLS_CA,
              BronzeJob.BATCH_SIZE,
              SilverJob.TIMESTAMP_ZONE));

  private final Launcher launcher;

  @Mixin private KurrentDbAccess kurrentdb;

  @Mixin private LakehouseOption lakehouse;

  @Mixin private WorkflowOption workflowOption;

  @Option(
      names = "--follow",
      description = "Go on until Ctrl-C: new events are in Gold some seconds later.")
  private boolean isFollowing;

  @Spec private CommandSpec spec;

  private RunCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  static CommandLine commandLine(Launcher launcher) {
    return TASK_SETTINGS.commandLine(new RunCommand(launcher));
  }

  @Override
  public Integer call() {
    var parameters = TASK_SETTINGS.given(spec.commandLine().getParseResult());
    kurrentdb.check(parameters);
    workflowOption.pipeline().addTo(parameters);
    var workflow = workflowOption.read(launcher);
    var directory = lakehouse.prepared();
    parameters.put("catalog", directory.toString());
    try (var session = LocalSession.start(directory, "kurrentlake")) {
      return kurrentdb.use(
          launcher,
          parameters,
          (all, environment) -> run(workflow, directory, all, environment, session));
    }
  }

  private int run(
      WorkflowFile workflow,
      Path directory,
      Map<String, String> parameters,
      Environment environment,
      LocalSession session) {
    var out = launcher.out();
    out.println("Lakehouse  " + directory);
    out.println("Workflow   " + workflow.name());
    out.flush();
    var spark = session.spark();
    var board =
        launcher.terminal()
            ? ProgressBoard.live(out, workflow.tasks(), System::nanoTime)
            : ProgressBoard.plain(out, workflow.tasks(), System::nanoTime);
    Map<String, Outcome> outcomes;
    var clock = every(REDRAW_MILLIS, board::tick);
    try {
      outcomes =
          LocalRun.of(workflow)
              .parameters(parameters)
              .environment(environment)
              .watchedBy(board)
              .run(spark);
    } finally {
      clock.cancel();
    }
    var code =
        new RunSummary(launcher, workflow, workflowOption.pipeline(), directory)
            .print(spark, outcomes);
    if (code == 0 && Files.isDirectory(directory.resolve("gold"))) {
      var report = ReportFile.in(directory);
      var node = KurrentDbAccess.node(parameters, environment);
      ReportFile.write(workflowOption.pipeline().tasks(spark, directory), node, report);
      out.println("Report: " + report);
      out.flush();
    }
    return isFollowing && code == 0 ? follow(spark, parameters, environment) : code;
  }

  private int follow(SparkSession spark, Map<String, String> parameters, Environment environment) {
    var out = launcher.out();
    out.println("Following KurrentDB; Ctrl-C ends it after the round that is under way.");
    out.flush();
    var job = workflowOption.pipeline().follow();
    try (var termination = Termination.ofProcess()) {
      var task =
          job.until(
              termination,
              round -> {
                out.printf(
                    "%s  %,d new events, %,d entities written, in Gold after %.1f s%n",
                    LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS),
                    round.events(),
                    round.rows(),
                    round.took().toMillis() / MILLIS);
                out.flush();
              });
      var settings = TaskSettings.of(job, parameters, environment);
      var report = TaskRuns.run(task, spark, settings, Progress.unwatched());
      out.println(job.getClass().getSimpleName() + ": " + report);
      out.flush();
      return 0;
    }
  }

  private static Timer every(int millis, Runnable task) {
    var clock = new Timer("progress", true);
    clock.schedule(
        new TimerTask() {
          @Override
          public void run() {
            task.run();
          }
        },
        millis,
        millis);
    return clock;
  }
}
