package io.github.kurrentlake.source;

import com.google.common.util.concurrent.Uninterruptibles;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Bounds how long a thread waits for KurrentDB. The driver takes no deadline, and closing its
 * connection from another thread would free memory under the reader. But every gRPC call joins the
 * context of the thread that starts it and is cancelled with it, no matter who makes the call. So
 * the driver is called in a context, on the connection's own thread, while the caller waits as long
 * as it may and then cancels the context. The time is counted only while somebody waits: a stream
 * may last as long as its reader likes.
 *
 * <p>It is also why the driver runs on a thread of its own that Spark, which interrupts the threads
 * of a killed task, does not know: an interrupt at the wrong moment makes Flight forget that a
 * stream has ended, and its close then waits for ever.
 */
final class Call implements AutoCloseable {
  /** A call that was cancelled ends without the server; this is for a machine under load. */
  private static final long CANCEL_SECONDS = 30;

  private final CancellableContext context = Context.ROOT.withCancellation();
  private final ExecutorService thread;
  private final Duration timeout;
  private final ReadCounters counters;
  private boolean timedOut;

  Call(ExecutorService thread, Duration timeout, ReadCounters counters) {
    this.thread = thread;
    this.timeout = timeout;
    this.counters = counters;
  }

  /**
   * Does what waits for the server. Past the timeout, or when the caller is interrupted, the call
   * is cancelled and has ended when this returns.
   */
  <T> T await(Callable<T> step) throws Exception {
    var start = System.nanoTime();
    var answer = thread.submit(context.wrap(step));
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      timedOut = true;
      throw cancelled(answer, e);
    } catch (InterruptedException e) {
      throw cancelled(answer, e);
    } catch (ExecutionException e) {
      throw cause(e);
    } finally {
      counters.waited(System.nanoTime() - start);
    }
  }

  private Exception cancelled(Future<?> answer, Exception reason) {
    context.cancel(reason);
    try {
      Uninterruptibles.getUninterruptibly(answer, CANCEL_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      reason.addSuppressed(e);
    }
    return reason;
  }

  private static Exception cause(ExecutionException failure) {
    if (failure.getCause() instanceof Error error) {
      throw error;
    }
    return failure.getCause() instanceof Exception exception ? exception : failure;
  }

  boolean isTimedOut() {
    return timedOut;
  }

  @Override
  public void close() {
    context.cancel(null);
  }
}
