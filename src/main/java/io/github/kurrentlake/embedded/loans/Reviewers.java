package io.github.kurrentlake.embedded.loans;

import io.github.kurrentlake.lakebase.connect.Connections;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * People who review loans in an application over Postgres, all at the same time. Closing sends them
 * home, with what they have not committed undone.
 */
public final class Reviewers implements AutoCloseable {
  private final ExecutorService threads;
  private final List<Future<Integer>> people;

  private Reviewers(ExecutorService threads, List<Future<Integer>> people) {
    this.threads = threads;
    this.people = people;
  }

  /** Lets so many people work for so long; {@code app.loan_review} must be there. */
  public static Reviewers start(int count, Duration time, Connections connections) {
    var end = System.nanoTime() + time.toNanos();
    var threads = Executors.newFixedThreadPool(count, Reviewers::daemon);
    var people =
        IntStream.range(0, count)
            .mapToObj(number -> new ReviewWriter(number, connections, end))
            .map(threads::submit)
            .toList();
    return new Reviewers(threads, people);
  }

  /** Whether all have ended, for good or because of an error. */
  public boolean areDone() {
    return people.stream().allMatch(Future::isDone);
  }

  /**
   * How many transactions they committed, when all are done.
   *
   * @throws ExecutionException by an error that ended one of them
   */
  public int committed() throws ExecutionException, InterruptedException {
    var transactions = 0;
    for (var person : people) {
      transactions += person.get();
    }
    return transactions;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "reviewer");
    thread.setDaemon(true);
    return thread;
  }
}
