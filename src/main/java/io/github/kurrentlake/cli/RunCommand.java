package io.github.kurrentlake.cli;

import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.Secret;
import io.github.kurrentlake.source.Credentials;
import io.github.kurrentlake.source.Endpoint;
import io.github.kurrentlake.workflow.LocalRun;
import io.github.kurrentlake.workflow.Outcome;
import io.github.kurrentlake.workflow.WorkflowFile;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The whole workflow on this machine. */
@Command(
    name = "run",
    description = {
      "Run the workflow on this machine: KurrentDB's events into Bronze, Silver and Gold.",
      "Without --endpoint it starts an embedded KurrentDB with sample loans. Run again: only new"
          + " events move."
    })
final class RunCommand implements Callable<Integer> {
  private static final String ADMIN = "admin";
  private static final int REDRAW_MILLIS = 200;

  private final Launcher launcher;

  @Mixin private LogSource source;

  @Option(
      names = "--endpoint",
      paramLabel = "URI",
      description = {
        "A real KurrentDB, grpc+tls://HOST:2113, instead of the embedded one. Its user is in",
        "KURRENTDB_USERNAME and KURRENTDB_PASSWORD, or in the files KURRENTDB_USERNAME_FILE and",
        "KURRENTDB_PASSWORD_FILE name."
      })
  private String endpoint;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description = "PEM file of the authority that signed the endpoint's certificate.")
  private Path authority;

  @Mixin private LakehouseOption lakehouse;

  @Option(
      names = "--workflow",
      paramLabel = "FILE",
      description = "The workflow to run. Default: the repository's workflow.json.")
  private Path workflowFile;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Events per commit at most. Default: the workflow's.")
  private Long batchSize;

  @Option(
      names = "--timestamp-zone",
      paramLabel = "ZONE",
      description = "Zone of timestamps that name none. Default: the workflow's, UTC.")
  private String timestampZone;

  RunCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public Integer call() {
    source.check();
    if (endpoint != null) {
      source.refuseAllWith("--endpoint");
      Credentials.of(Environment.ofProcess(), Endpoint.parse(endpoint));
    } else if (authority != null) {
      throw ErrorCode.MISSING_OPTION.error().with("option", "--endpoint").with("for", "--tls-ca");
    }
    var workflow = WorkflowFile.read(workflowFile == null ? launcher.workflow() : workflowFile);
    var directory = lakehouse.prepared();
    var parameters = new HashMap<String, String>();
    parameters.put("catalog", directory.toString());
    if (batchSize != null) {
      parameters.put("batch_size", batchSize.toString());
    }
    if (timestampZone != null) {
      parameters.put("timestamp_zone", timestampZone);
    }
    try (var session = LocalSession.start(directory, "kurrentlake")) {
      if (endpoint == null) {
        return runEmbedded(workflow, directory, parameters, session);
      }
      parameters.put("endpoint", endpoint);
      parameters.put("tls_ca", authority == null ? "" : authority.toAbsolutePath().toString());
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
      parameters.put("endpoint", kurrentdb.endpoint().toString());
      parameters.put("tls_ca", files.write("ca.pem", kurrentdb.caCertificate()).toString());
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
