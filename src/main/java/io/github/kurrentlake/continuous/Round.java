package io.github.kurrentlake.continuous;

import io.github.kurrentlake.job.JobReport;
import java.time.Duration;

/**
 * What a round moved.
 *
 * @param events new in Bronze
 * @param report the events that Bronze read and the part of the log that they are, and the rows
 *     that were written to Gold
 * @param took from the question for new events until they were in Gold
 */
public record Round(long events, JobReport report, Duration took) {

  /** Rows written to Gold. */
  public long rows() {
    return report.rowsOut();
  }
}
