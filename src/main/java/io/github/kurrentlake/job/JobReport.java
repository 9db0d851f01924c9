package io.github.kurrentlake.job;

/**
 * What a finished job did.
 *
 * @param eventsIn events read from the layer before
 * @param rowsOut rows written to this job's table
 */
public record JobReport(long eventsIn, long rowsOut) {

  public static JobReport nothingNew() {
    return new JobReport(0, 0);
  }
}
