package io.github.kurrentlake.table;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Work that waits for Spark, done at the same time in threads of its own. Java's common pool must
 * not wait for Spark: Hadoop's file systems compute in it while they carry out what Spark is asked
 * for, and neither would ever end.
 */
public final class SideBySide {
  private SideBySide() {}

  /**
   * Does the work for each item.
   *
   * @return what it gave, in the items' order
   * @throws RuntimeException what the first of the items failed with, when all are done
   */
  public static <T, R> List<R> each(List<T> items, Function<? super T, R> work) {
    if (items.isEmpty()) {
      return List.of();
    }
    // Threads that are made here see what the caller's thread has set for Spark.
    var threads = Executors.newFixedThreadPool(items.size());
    try {
      var calls = new ArrayList<Callable<R>>();
      items.forEach(item -> calls.add(() -> work.apply(item)));
      var results = new ArrayList<R>();
      for (Future<R> done : threads.invokeAll(calls)) {
        results.add(done.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Spark worked", e);
    } catch (ExecutionException e) {
      throw SideBySide.<RuntimeException>asItIs(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  /** Spark throws checked exceptions without declaring them, and so does this. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> RuntimeException asItIs(Throwable thrown) throws E {
    throw (E) thrown;
  }
}
