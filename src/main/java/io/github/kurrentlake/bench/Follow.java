package io.github.kurrentlake.bench;

import io.github.kurrentlake.continuous.Round;
import io.github.kurrentlake.loans.Loans;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** How long an event takes into Gold while the log grows steadily and is followed. */
final class Follow implements Experiment {
  private static final String ROW = "follow";

  private static final int EVENTS_BEFORE = 10_000;

  /** Two hundred events a second. */
  private static final int EVENTS_PER_APPEND = 20;

  private static final long APPEND_MILLIS = 100;

  /** So that the last events arrive. */
  private static final Duration LAST_ROUND = Duration.ofSeconds(30);

  private static final double NANOS = 1e9;

  private final Bench bench;

  Follow(Bench bench) {
    this.bench = bench;
  }

  @Override
  public List<String> rows() {
    return List.of(ROW);
  }

  @Override
  public void run() {
    for (var round : bench.rounds()) {
      try (var directory = bench.directory();
          var node = bench.node(EVENTS_BEFORE)) {
        var loans = Loans.of(bench.spark(), directory.lakehouse());
        var kurrentdb = node.address().kurrentdb();
        loans.ingest(kurrentdb);
        loans.project();
        loans.refresh();
        var appends = new Appends(node, bench.options().followSeconds());
        var arrivals = new Arrivals(appends);
        var appending = new Thread(appends, "appends");
        appending.setDaemon(true);
        appending.start();
        loans.follow(
            kurrentdb,
            Duration.ofSeconds(bench.options().followSeconds()).plus(LAST_ROUND),
            arrivals::add);
        bench.record(ROW, round, arrivals.sample(bench.options().followSeconds()));
      }
    }
  }

  /** Lets the log grow, and knows when each event was appended. */
  private static final class Appends implements Runnable {
    private final BenchNode node;
    private final long[] nanos;
    private final AtomicInteger done = new AtomicInteger();

    Appends(BenchNode node, long seconds) {
      this.node = node;
      this.nanos = new long[Math.toIntExact(seconds * 1000 / APPEND_MILLIS)];
    }

    @Override
    public void run() {
      var begin = System.nanoTime();
      for (var i = 0; i < nanos.length; i++) {
        var late = begin + i * APPEND_MILLIS * 1_000_000 - System.nanoTime();
        if (late > 0) {
          sleep(late);
        }
        nanos[i] = System.nanoTime();
        node.append(EVENTS_PER_APPEND);
        done.incrementAndGet();
      }
    }

    private static void sleep(long nanos) {
      try {
        Thread.sleep(Duration.ofNanos(nanos).toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted between two appends", e);
      }
    }

    /** When an event was appended; nanoseconds of the JVM's clock. */
    long nanos(int event) {
      var number = event / EVENTS_PER_APPEND;
      if (number > done.get()) {
        throw new IllegalStateException("an event that was not appended is in Gold");
      }
      return nanos[number];
    }
  }

  /** How long each event took. Bronze takes them in the order in which they were appended. */
  private static final class Arrivals {
    private final Appends appends;
    private final List<Double> seconds = new ArrayList<>();
    private int rounds;

    Arrivals(Appends appends) {
      this.appends = appends;
    }

    void add(Round round) {
      var now = System.nanoTime();
      rounds++;
      for (var i = 0; i < round.events(); i++) {
        seconds.add((now - appends.nanos(seconds.size())) / NANOS);
      }
    }

    Sample sample(long lasted) {
      var sorted = seconds.stream().mapToDouble(Double::doubleValue).toArray();
      Arrays.sort(sorted);
      return new Sample(sorted.length, lasted)
          .with("p50_seconds", sorted[sorted.length / 2])
          .with("p95_seconds", sorted[sorted.length * 95 / 100])
          .with("max_seconds", sorted[sorted.length - 1])
          .with("follow_rounds", rounds);
    }
  }
}
