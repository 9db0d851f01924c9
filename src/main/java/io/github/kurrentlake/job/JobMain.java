package io.github.kurrentlake.job;

import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.table.Platform;
import io.github.kurrentlake.table.Sessions;
import io.github.kurrentlake.table.StorageFaults;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * The main method that all jobs share: read the settings, open the session, run, report. On
 * Databricks a failure is thrown, since ending the JVM there would end the cluster's driver;
 * elsewhere it is printed without a stack trace and the process exits with 1, or with 2 when it was
 * called in a wrong way.
 */
public final class JobMain {
  private static final String HELP = "--help";

  private JobMain() {}

  public static void run(Job job, String[] arguments) {
    var name = job.getClass().getSimpleName();
    if (List.of(arguments).contains(HELP)) {
      System.out.print(help(job));
      return;
    }
    try {
      if (!Platform.current().ownsTheProcess()) {
        // Settings name files that Spark alone may reach there.
        Sessions.open(name);
      }
      var settings = Settings.parse(job.settings(), List.of(arguments), Environment.ofProcess());
      var report = TaskRuns.run(job, Sessions.open(name), settings, Progress.unwatched());
      System.out.println(name + ": " + report);
    } catch (Throwable e) {
      end(known(e).with("task", name));
    }
  }

  private static void end(KurrentlakeException error) {
    if (!Platform.current().ownsTheProcess()) {
      throw error;
    }
    if (error.code() == ErrorCode.TASK_FAILED) {
      LoggerFactory.getLogger(JobMain.class).error("The task failed", error);
    }
    System.err.println(error.getMessage());
    System.exit(error.code().exitCode());
  }

  /** What a task that ended with this ends with. */
  public static KurrentlakeException known(Throwable thrown) {
    return Causes.known(thrown)
        .or(() -> StorageFaults.of(thrown))
        .orElseGet(
            () -> ErrorCode.TASK_FAILED.error().with("error", thrown.toString()).causedBy(thrown));
  }

  static String help(Job job) {
    var name = job.getClass().getSimpleName();
    var help = new StringBuilder("%s [--name=value ...]%n".formatted(name));
    for (var setting : job.settings()) {
      help.append(
          "  --%s=%s%n      %s.%s%n"
              .formatted(setting.name(), setting.label(), setting.description(), rest(setting)));
    }
    return help.toString();
  }

  private static String rest(Setting<?> setting) {
    return setting.fallback().map(" Default: %s."::formatted).orElse("")
        + (setting.presence() == Setting.Presence.REQUIRED ? " Must be given." : "")
        + " Variable: "
        + setting.variable()
        + ".";
  }
}
