package io.github.kurrentlake.job;

/** Told how far a job is. The figures are totals of this run and never fall. */
@FunctionalInterface
public interface Progress {

  void reached(long eventsIn, long rowsOut);

  /** For callers that do not watch. */
  static Progress unwatched() {
    return (eventsIn, rowsOut) -> {};
  }
}
