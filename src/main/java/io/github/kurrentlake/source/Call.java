package io.github.kurrentlake.source;

import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Bounds how long a thread waits for KurrentDB. The driver takes no deadline, and closing its
 * connection from another thread would free memory under the reader. But every gRPC call joins the
 * context of the thread that starts it and is cancelled with it, whoever makes the call; so the
 * calls are made in a context that a timer cancels. The waiting thread then gets the end of the
 * stream as any other failure. The time is counted only while somebody waits: a stream may last as
 * long as its reader likes.
 */
final class Call implements AutoCloseable {
  private static final ScheduledThreadPoolExecutor TIMER = timer();

  private final CancellableContext context = Context.ROOT.withCancellation();
  private final Duration timeout;
  private final Traffic traffic;

  Call(Duration timeout, Traffic traffic) {
    this.timeout = timeout;
    this.traffic = traffic;
  }

  /** Does what waits for the server; past the timeout the call fails as cancelled. */
  <T> T await(Callable<T> step) throws Exception {
    var start = System.nanoTime();
    var alarm =
        TIMER.schedule(
            () -> context.cancel(new TimeoutException()),
            timeout.toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      return context.call(step);
    } finally {
      alarm.cancel(false);
      traffic.waited(System.nanoTime() - start);
    }
  }

  boolean isTimedOut() {
    return context.cancellationCause() instanceof TimeoutException;
  }

  @Override
  public void close() {
    context.cancel(null);
  }

  private static ScheduledThreadPoolExecutor timer() {
    var timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              var thread = new Thread(task, "kurrentdb-deadlines");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }
}
