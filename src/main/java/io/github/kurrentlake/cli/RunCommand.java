package io.github.kurrentlake.cli;

import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.loans.BronzeIngest;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.Secret;
import io.github.kurrentlake.silver.SilverJob;
import io.github.kurrentlake.source.Credentials;
import io.github.kurrentlake.source.Endpoint;
import io.github.kurrentlake.source.KurrentDbSettings;
import io.github.kurrentlake.workflow.LocalRun;
import io.github.kurrentlake.workflow.Outcome;
import io.github.kurrentlake.workflow.WorkflowFile;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The whole workflow on this machine. */
@Command(
    name = "run",
    description = {
      "Run the workflow on this machine: KurrentDB's events into Bronze, Silver and Gold.",
      "Without --endpoint it starts an embedded KurrentDB with sample loans. Run again: only new"
          + " events move.",
      "The user of a real KurrentDB is in KURRENTDB_USERNAME and KURRENTDB_PASSWORD, or in the files"
          + " that KURRENTDB_USERNAME_FILE and KURRENTDB_PASSWORD_FILE name."
    })
final class RunCommand implements Callable<Integer> {
  private static final String ADMIN = "admin";
  private static final int REDRAW_MILLIS = 200;

  private static final TaskSettings TASK_SETTINGS =
      new TaskSettings(
          List.of(
              KurrentDbSettings.ENDPOINT,
              KurrentDbSettings.TLS_CA,
              BronzeIngest.BATCH_SIZE,
              SilverJob.TIMESTAMP_ZONE));
  private static final String ENDPOINT = TaskSettings.parameter(KurrentDbSettings.ENDPOINT);
  private static final String TLS_CA = TaskSettings.parameter(KurrentDbSettings.TLS_CA);

  private final Launcher launcher;

  @Mixin private LogSource source;

  @Mixin private LakehouseOption lakehouse;

  @Mixin private WorkflowOption workflowOption;

  @Spec private CommandSpec spec;

  private RunCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  static CommandLine commandLine(Launcher launcher) {
    var commandLine = new CommandLine(new RunCommand(launcher));
    TASK_SETTINGS.addTo(commandLine.getCommandSpec());
    return commandLine;
  }

  @Override
  public Integer call() {
    source.check();
    var parameters = TASK_SETTINGS.given(spec.commandLine().getParseResult());
    var endpoint = parameters.get(ENDPOINT);
    if (endpoint != null) {
      source.refuseAllWith("--endpoint");
      Credentials.of(Environment.ofProcess(), Endpoint.parse(endpoint));
    } else if (parameters.containsKey(TLS_CA)) {
      throw ErrorCode.MISSING_OPTION.error().with("option", "--endpoint").with("for", "--tls-ca");
    }
    var workflow = workflowOption.read(launcher);
    var directory = lakehouse.prepared();
    parameters.put("catalog", directory.toString());
    try (var session = LocalSession.start(directory, "kurrentlake")) {
      if (endpoint == null) {
        return runEmbedded(workflow, directory, parameters, session);
      }
      launcher.out().println("KurrentDB  " + endpoint);
      return run(workflow, directory, parameters, Environment.ofProcess(), session);
    }
  }

  private int runEmbedded(
      WorkflowFile workflow, Path directory, Map<String, String> parameters, LocalSession session) {
    var password = password();
    try (var files = PrivateFiles.create();
        var kurrentdb = EmbeddedKurrentDb.builder().user(ADMIN, Secret.of(password)).start()) {
      source.load(kurrentdb);
      launcher
          .out()
          .printf(
              "KurrentDB  %s, embedded: %,d records of %s%n",
              kurrentdb.endpoint(), kurrentdb.recordCount(), source.description());
      parameters.put(ENDPOINT, kurrentdb.endpoint().toString());
      parameters.put(TLS_CA, files.write("ca.pem", kurrentdb.caCertificate()).toString());
      var environment =
          Environment.ofProcess()
              .with(
                  Map.of(
                      Credentials.USERNAME + "_FILE", files.write("username", ADMIN).toString(),
                      Credentials.PASSWORD + "_FILE",
                          files.write("password", password).toString()));
      return run(workflow, directory, parameters, environment, session);
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
    return new RunSummary(launcher, workflow, directory).print(spark, outcomes);
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

  /** A new one each time: the embedded node is for this run alone. */
  private static String password() {
    var bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
