package io.github.kurrentlake.bench;

import java.util.List;

/**
 * The memory that Bronze takes with a heap of fixed size, for logs of several sizes. An experiment
 * that has a node with such a log measures it there, and it is not measured again.
 */
final class BronzeMemory implements Experiment {
  private final Bench bench;
  private final BenchOptions options;

  BronzeMemory(Bench bench) {
    this.bench = bench;
    this.options = bench.options();
  }

  @Override
  public List<String> rows() {
    return options.memory().stream().map(BronzeMemory::row).toList();
  }

  @Override
  public void run() {
    for (var events : options.memory()) {
      if (isDue(bench, events)) {
        try (var node = bench.node(events);
            var directory = bench.directory()) {
          measure(bench, node, events, directory);
        }
      }
    }
  }

  static String row(long events) {
    return BenchRow.sized("memory", events);
  }

  /** Whether a log of this size is asked for and was not measured yet. */
  static boolean isDue(Bench bench, long events) {
    return bench.options().memory().contains(events)
        && bench.options().wants(row(events))
        && !bench.isMeasured(row(events));
  }

  /** Reads the log of a node with that many events into an empty directory. */
  static void measure(Bench bench, BenchNode node, long events, WorkDirectory directory) {
    bench.record(
        row(events), 1, BronzeProcess.run(node, directory.path(), bench.options().directory()));
  }
}
