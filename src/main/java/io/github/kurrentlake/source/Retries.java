package io.github.kurrentlake.source;

import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.error.KurrentlakeException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Decides whether a failed call is worth another try, and waits before it: exponentially longer, at
 * random up to half as long, so that the tasks of a job do not return in step.
 */
final class Retries {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private final CallPolicy policy;
  private final ReadCounters counters;
  private int failures;

  Retries(CallPolicy policy, ReadCounters counters) {
    this.policy = policy;
    this.counters = counters;
  }

  /** Something arrived, so the next failure is a new one. */
  void progressed() {
    failures = 0;
  }

  /**
   * Returns when the call may be made again.
   *
   * @throws KurrentlakeException the failure itself, when it is permanent, has happened too often
   *     in a row
   */
  void await(KurrentlakeException failure) {
    Interruption.check(failure);
    if (!isTransient(failure) || failures >= policy.maxRetries()) {
      throw failure;
    }
    var longest =
        Math.min(LONGEST_WAIT.toMillis(), policy.firstWait().toMillis() << Math.min(failures, 20));
    failures++;
    counters.retried();
    try {
      Thread.sleep(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
    } catch (InterruptedException e) {
      throw Interruption.of(e);
    }
  }

  /** Whether the same call may succeed later. */
  static boolean isTransient(KurrentlakeException failure) {
    return switch (failure.code()) {
      case CONNECTION_BROKEN,
          TIMED_OUT,
          QUERY_INTERRUPTED,
          SEVERAL_NODES,
          EVENTS_MISSING,
          SOURCE_BEHIND ->
          true;
      // A node that restarts refuses connections; a name that nobody knows is misspelt.
      case UNREACHABLE -> Causes.of(failure).noneMatch(UnknownHostException.class::isInstance);
      default -> false;
    };
  }
}
