package io.github.kurrentlake.job;

/** Told how far a job is. */
@FunctionalInterface
public interface Progress {

  /** Told now and then. The figures are totals of this run and never fall. */
  void reached(long eventsIn, long rowsOut);

  /** Told at once, by the thread that did it; what it throws stops the job there. */
  default void passed(Phase phase) {}

  /** For callers that do not watch. */
  static Progress unwatched() {
    return (eventsIn, rowsOut) -> {};
  }
}
