package io.github.kurrentlake.cli;

import io.github.kurrentlake.doctor.Check;
import io.github.kurrentlake.doctor.Check.Result;
import io.github.kurrentlake.doctor.Doctor;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.SecretPlace;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.source.Credentials;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What would fail at night. */
@Command(
    name = "doctor",
    description = {
      "Look at what the tasks need, in the order in which they need it: credentials, name, port,"
          + " certificate, login, category, clock; the workflow; versions, checkpoints, tables,"
          + " duration of runs.",
      "Each line says pass, warn or fail; behind the first that fails nothing of that target is"
          + " looked at. It ends with 1 when one fails."
    })
final class DoctorCommand implements Callable<Integer> {
  private final Launcher launcher;

  @Mixin private KurrentDbAccess kurrentdb;

  @Mixin private LakehouseOption lakehouse;

  @Mixin private WorkflowOption workflow;

  @Option(
      names = "--config",
      description =
          "Only show every setting of the tasks, where its value is from, and where the"
              + " secrets are.")
  private boolean showsConfiguration;

  @Option(
      names = "--lakebase",
      paramLabel = "LAKEBASE",
      description =
          "Look at this Postgres or Lakebase, too, in one of the forms of docs/lakebase.md.")
  private String lakebase;

  @Spec private CommandSpec spec;

  private DoctorCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  static CommandLine commandLine(Launcher launcher) {
    return KurrentDbAccess.SETTINGS.commandLine(new DoctorCommand(launcher));
  }

  @Override
  public Integer call() {
    var parameters = KurrentDbAccess.SETTINGS.given(spec.commandLine().getParseResult());
    if (showsConfiguration) {
      printConfiguration(parameters);
      return 0;
    }
    kurrentdb.check(parameters);
    var directory = lakehouse.prepared();
    parameters.put("catalog", directory.toString());
    workflow.pipeline().addTo(parameters);
    try (var session = LocalSession.start(directory, "kurrentlake-doctor")) {
      return kurrentdb.use(
          launcher,
          parameters,
          (all, environment) -> {
            var job = workflow.pipeline().follow();
            var settings = TaskSettings.of(job, all, environment);
            var category = workflow.pipeline().pipeline().lifecycle().category();
            var isWell = print(Doctor.kurrentdb(settings, category));
            isWell &= print(List.of(workflow(all)));
            if (lakebase != null) {
              isWell &=
                  print(
                      Doctor.postgres(
                          ConnectionInfoProvider.parse(lakebase, Environment.ofProcess())));
            }
            return print(Doctor.lakehouse(session.spark(), settings)) && isWell ? 0 : 1;
          });
    }
  }

  /** Whether each task of the workflow has its main class, and arguments that this one takes. */
  private Check workflow(Map<String, String> parameters) {
    var folder = workflow.pipeline().folder();
    var name = folder.orElseGet(() -> workflow.file(launcher)).toString();
    try {
      var tasks = workflow.each(launcher, parameters, Job.class, Job::name).toList();
      return new Check(name, "tasks", Result.PASS, String.join(", ", tasks));
    } catch (KurrentlakeException e) {
      return new Check(name, "tasks", Result.FAIL, e.getMessage());
    }
  }

  private boolean print(List<Check> checks) {
    var out = launcher.out();
    out.println(checks.get(0).target());
    for (var check : checks) {
      out.printf(
          "  %s  %-11s  %s%n",
          check.result(), check.name(), check.detail().replace("\n", "\n    "));
    }
    out.flush();
    return checks.stream().noneMatch(check -> check.result() == Result.FAIL);
  }

  /** Secrets by where they are alone. */
  private void printConfiguration(Map<String, String> parameters) {
    var out = launcher.out();
    var environment = Environment.ofProcess();
    var nothingGiven = Settings.parse(List.of(), List.of(), environment);
    for (var setting : workflow.pipeline().follow().settings()) {
      var given = parameters.get(TaskSettings.parameter(setting));
      var variable = nothingGiven.given(setting);
      var origin =
          given != null
              ? given + "  from --" + setting.name()
              : variable.isPresent()
                  ? variable.get() + "  from " + setting.variable()
                  : setting.fallback().map(value -> value + "  by default").orElse("not set");
      out.printf("--%-15s %s%n", setting.name(), origin);
    }
    for (var secret : List.of(Credentials.USERNAME, Credentials.PASSWORD)) {
      out.printf(
          "%-17s %s%n",
          secret, SecretPlace.find(environment, secret).map(Object::toString).orElse("not set"));
    }
    out.flush();
  }
}
