package io.github.kurrentlake.status;

import io.github.kurrentlake.job.TaskRuns;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a table stands.
 *
 * @param table its name
 * @param logPosition of the newest event that it holds; empty for none, or where there is no table
 * @param eventsBehind events of its types that KurrentDB has and it does not; empty when KurrentDB
 *     did not answer
 * @param behind for how long the oldest of them has waited; empty for none
 * @param lastRun how its task ended last; empty before the first run that came to its end
 * @param openQuarantine events of it that are open in quarantine
 * @param oldestQuarantine since when the oldest of them has been there
 */
public record LayerStatus(
    String table,
    OptionalLong logPosition,
    OptionalLong eventsBehind,
    Optional<Duration> behind,
    Optional<LastRun> lastRun,
    long openQuarantine,
    Optional<Instant> oldestQuarantine) {

  /**
   * A run of a task.
   *
   * @param startedAt when it began
   * @param outcome {@code succeeded}, or the code of the error
   */
  public record LastRun(Instant startedAt, String outcome) {
    /** Whether it did not fail. */
    public boolean hasSucceeded() {
      return outcome.equals(TaskRuns.SUCCEEDED);
    }
  }
}
