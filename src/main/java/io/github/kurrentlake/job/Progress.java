package io.github.kurrentlake.job;

import java.time.Duration;

/** Told how far a job is. */
@FunctionalInterface
public interface Progress {

  /** Told now and then. The figures are totals of this run and never fall. */
  void reached(long eventsIn, long rowsOut);

  /** Told at once, by the thread that did it; what it throws stops the job there. */
  default void passed(Phase phase) {}

  /**
   * Told by a job that goes on and on of each round at its end, which {@code ops.task_runs} notes
   * as a run.
   */
  default void round(JobReport report, Duration took) {}

  /** The same, told of phases alone: for a part of the run whose figures are not its totals. */
  default Progress ofPhases() {
    var whole = this;
    return new Progress() {
      @Override
      public void reached(long eventsIn, long rowsOut) {}

      @Override
      public void passed(Phase phase) {
        whole.passed(phase);
      }
    };
  }

  /** For callers that do not watch. */
  static Progress unwatched() {
    return (eventsIn, rowsOut) -> {};
  }
}
