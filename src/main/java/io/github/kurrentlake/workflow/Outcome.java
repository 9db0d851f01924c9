package io.github.kurrentlake.workflow;

import io.github.kurrentlake.job.JobReport;
import java.time.Duration;
import java.util.List;

/** How a task of a run ended. */
public sealed interface Outcome {

  /** The job came to its end. */
  record Succeeded(JobReport report, Duration took) implements Outcome {}

  /**
   * The job threw.
   *
   * @param error what it threw, as it was thrown
   */
  record Failed(Throwable error, Duration took) implements Outcome {}

  /**
   * The job was not started.
   *
   * @param because the tasks it depends on that did not succeed
   */
  record Skipped(List<String> because) implements Outcome {}
}
