package io.github.kurrentlake.job;

/**
 * What a finished job did.
 *
 * @param eventsIn events read from the layer before
 * @param rowsOut rows written to this job's table
 * @param quarantined events that this run put into quarantine instead
 */
public record JobReport(long eventsIn, long rowsOut, long quarantined) {

  /** The report of a job, or a run, that quarantines nothing. */
  public JobReport(long eventsIn, long rowsOut) {
    this(eventsIn, rowsOut, 0);
  }

  public static JobReport nothingNew() {
    return new JobReport(0, 0);
  }

  /** One line: what moved, and how to look at what did not. */
  @Override
  public String toString() {
    var moved = "%d events in, %d rows out".formatted(eventsIn, rowsOut);
    return quarantined == 0
        ? moved
        : moved
            + ", %d quarantined: SELECT * FROM ops.quarantine WHERE state = 'open' says why"
                .formatted(quarantined);
  }
}
