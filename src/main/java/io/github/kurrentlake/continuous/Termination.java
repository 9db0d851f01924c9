package io.github.kurrentlake.continuous;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Whether the process was asked to end, by SIGTERM or Ctrl-C. Its end waits, for as long as a
 * supervisor usually does, until what is under way is done.
 */
public final class Termination implements AutoCloseable {
  /** Before Spark ends its session, at 40. */
  private static final int BEFORE_SPARK = 100;

  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private final Runnable hook = this::ask;

  /** Listens from now on until it is closed. */
  public static Termination ofProcess() {
    var termination = new Termination();
    ShutdownHookManager.get()
        .addShutdownHook(termination.hook, BEFORE_SPARK, PATIENCE_SECONDS, TimeUnit.SECONDS);
    return termination;
  }

  /** Asks for it, and returns when it is closed. */
  public void ask() {
    asked.countDown();
    try {
      done.await();
    } catch (InterruptedException e) {
      // The process has waited for as long as it does.
      Thread.currentThread().interrupt();
    }
  }

  /** Whether it was asked for. */
  public boolean isAsked() {
    return asked.getCount() == 0;
  }

  /** Waits for so long, or until it is asked for. */
  void await(long millis) {
    try {
      asked.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted between two rounds", e);
    }
  }

  @Override
  public void close() {
    done.countDown();
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(hook);
    }
  }
}
