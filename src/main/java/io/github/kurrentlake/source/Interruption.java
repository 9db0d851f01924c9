package io.github.kurrentlake.source;

import io.github.kurrentlake.error.Causes;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;

/**
 * A thread that was told to stop while it waited for KurrentDB. It is no failure of a call: nothing
 * is repeated, and the exception is one by which Spark tells a query that was stopped from one that
 * failed.
 */
final class Interruption {
  private Interruption() {}

  /** Throws if this thread is to stop, or if that is why a call failed. */
  static void check(Throwable failure) {
    if (Thread.currentThread().isInterrupted() || isCauseOf(failure)) {
      throw of(failure);
    }
  }

  static boolean isCauseOf(Throwable failure) {
    return Causes.of(failure).anyMatch(InterruptedException.class::isInstance);
  }

  static UncheckedIOException of(Throwable cause) {
    Thread.currentThread().interrupt();
    var interruption = new InterruptedIOException("Stopped while waiting for KurrentDB");
    interruption.initCause(cause);
    return new UncheckedIOException(interruption);
  }
}
