package io.github.kurrentlake.table;

import io.delta.exceptions.DeltaConcurrentModificationException;
import io.github.kurrentlake.error.ErrorCode;

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
    for (var attempt = 1; ; attempt++) {
      try {
        write.run();
        return;
      } catch (DeltaConcurrentModificationException e) {
        if (attempt == ATTEMPTS) {
          throw ErrorCode.TABLE_CONTENDED.error().with("conflict", e.getMessage()).causedBy(e);
        }
      }
    }
  }
}
