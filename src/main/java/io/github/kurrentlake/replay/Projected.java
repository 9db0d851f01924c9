package io.github.kurrentlake.replay;

import io.github.kurrentlake.job.Progress;
import java.util.HashMap;
import java.util.Map;

/** The progress of several projections as one. */
final class Projected {
  private final Progress progress;
  private final Map<String, Long> eventsIn = new HashMap<>();
  private final Map<String, Long> rowsOut = new HashMap<>();

  Projected(Progress progress) {
    this.progress = progress;
  }

  /** That of one projection; what it reaches again counts once. */
  Progress of(String projection) {
    return (events, rows) -> reached(projection, events, rows);
  }

  private synchronized void reached(String projection, long events, long rows) {
    eventsIn.merge(projection, events, Math::max);
    rowsOut.merge(projection, rows, Math::max);
    progress.reached(sum(eventsIn), sum(rowsOut));
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
