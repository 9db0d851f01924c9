package io.github.kurrentlake.job;

import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.Settings;
import java.util.List;

/**
 * The main method that all jobs share: read the settings, open the session, run, report. On
 * Databricks a failure is thrown, since ending the JVM there would end the cluster's driver;
 * elsewhere it is printed without a stack trace and the process exits with 1.
 */
public final class JobMain {
  private JobMain() {}

  public static void run(Job job, String[] arguments) {
    try {
      var settings = Settings.parse(job.settings(), List.of(arguments), Environment.ofProcess());
      var report =
          job.run(Sessions.open(job.getClass().getSimpleName()), settings, Progress.unwatched());
      System.out.println(job.getClass().getSimpleName() + ": " + report);
    } catch (KurrentlakeException e) {
      if (Sessions.onDatabricks()) {
        throw e;
      }
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }
}
