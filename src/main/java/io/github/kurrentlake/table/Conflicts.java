package io.github.kurrentlake.table;

import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.util.ConcurrentModificationException;
import java.util.function.Supplier;

/**
 * Writes that Delta refuses because another run wrote the same table in between. The loser reads
 * what the winner wrote and tries again.
 */
public final class Conflicts {
  private static final int ATTEMPTS = 5;

  private Conflicts() {}

  /**
   * Runs a write again while Delta finds it in conflict.
   *
   * @param write what may run several times, each from the tables as they are then
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-310 when it never wins
   */
  public static void retried(Runnable write) {
    retried(
        () -> {
          write.run();
          return null;
        });
  }

  /**
   * Does the same.
   *
   * @return what the attempt gave that won
   */
  public static <T> T retried(Supplier<T> write) {
    for (var attempt = 1; ; attempt++) {
      try {
        return write.get();
      } catch (Exception e) {
        // Spark throws checked exceptions without declaring them.
        if (e instanceof KurrentlakeException || !isConflict(e)) {
          throw e;
        }
        if (attempt == ATTEMPTS) {
          throw ErrorCode.TABLE_CONTENDED.error().with("conflict", e.getMessage()).causedBy(e);
        }
      }
    }
  }

  /** By the type that Delta's own exceptions have on every platform. */
  private static boolean isConflict(Throwable thrown) {
    return Causes.of(thrown)
        .anyMatch(
            cause ->
                cause instanceof ConcurrentModificationException
                    || ErrorCondition.TABLE_BEGUN.isOf(cause));
  }
}
