package io.github.kurrentlake.bench;

import io.github.kurrentlake.bench.Bench.Measurement;
import io.github.kurrentlake.loans.Loans;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The whole log into an empty Bronze, beside the floors below it and the guide's cell. */
final class BronzeBackfill implements Experiment {
  static final String DRAIN = "floor-drain";
  static final String DRAIN_WRITE = "floor-drain-write";
  static final String OURS = "bronze";
  static final String GUIDE = "guide-bronze";

  private final Bench bench;
  private final BenchOptions options;

  BronzeBackfill(Bench bench) {
    this.bench = bench;
    this.options = bench.options();
  }

  @Override
  public List<String> rows() {
    var rows = new ArrayList<>(List.of(DRAIN, DRAIN_WRITE, OURS, GUIDE));
    if (options.memory().contains(options.events())) {
      rows.add(BronzeMemory.row(options.events()));
    }
    return rows;
  }

  @Override
  public void run() {
    try (var node = bench.node(options.events())) {
      var adbc = new PlainAdbc(node.address(), Loans.CATEGORY);
      bench.byTurns(
          new Measurement(DRAIN, round -> drain(node, adbc)),
          new Measurement(DRAIN_WRITE, round -> drainAndWrite(node, adbc)),
          new Measurement(OURS, round -> bronze(node)),
          // The guide's cell warms up in its first slice; the rest would only take time.
          new Measurement(GUIDE, round -> guide(node, round == 0 ? 1 : options.guideEvents())));
      if (BronzeMemory.isDue(bench, options.events())) {
        try (var directory = bench.directory()) {
          BronzeMemory.measure(bench, node, options.events(), directory);
        }
      }
    }
  }

  private Sample drain(BenchNode node, PlainAdbc adbc) {
    var bytes = new AtomicLong();
    var sample =
        bench.measure(
            node,
            () -> {
              var drained = adbc.drain();
              bytes.set(drained.bytes());
              return drained.events();
            });
    return sample.with("bytes_per_event", (double) bytes.get() / Math.max(1, sample.events()));
  }

  private Sample drainAndWrite(BenchNode node, PlainAdbc adbc) {
    try (var directory = bench.directory()) {
      return bench.measure(node, () -> adbc.write(directory.path().resolve("events.parquet")));
    }
  }

  private Sample bronze(BenchNode node) {
    try (var directory = bench.directory()) {
      return bench.ingest(node, directory.lakehouse());
    }
  }

  private Sample guide(BenchNode node, long events) {
    try (var directory = bench.directory()) {
      var guide = new GuideBronze(bench.spark(), node.address(), Loans.CATEGORY, directory.path());
      return bench.measure(
          node,
          () -> {
            guide.create();
            return guide.ingest(events);
          });
    }
  }
}
