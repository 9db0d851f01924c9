package io.github.kurrentlake.bench;

import io.github.kurrentlake.bench.Bench.Measurement;
import io.github.kurrentlake.loans.Loans;
import io.github.kurrentlake.reconcile.ReconcileOptions.Extent;
import io.github.kurrentlake.reconcile.ReconcileOptions.Payloads;
import io.github.kurrentlake.source.KurrentDb;
import java.util.List;

/** The proof that nothing is missing: over a whole log, and again when nothing has changed. */
final class Reconcile implements Experiment {
  private static final String FULL = "reconcile-full";
  private static final String UNCHANGED = "reconcile-unchanged";

  private final Bench bench;

  Reconcile(Bench bench) {
    this.bench = bench;
  }

  @Override
  public List<String> rows() {
    return List.of(FULL, UNCHANGED);
  }

  @Override
  public void run() {
    try (var directory = bench.directory();
        var node = bench.node(bench.options().events())) {
      var kurrentdb = node.address().kurrentdb();
      var loans = Loans.of(bench.spark(), directory.lakehouse());
      bench.built(FULL, bench.ingest(node, directory.lakehouse()));
      new SilverStreams(bench.spark(), directory.path()).ours();
      loans.refresh();
      bench.byTurns(
          new Measurement(FULL, round -> reconcile(node, loans, kurrentdb, Extent.FULL)),
          new Measurement(UNCHANGED, round -> reconcile(node, loans, kurrentdb, Extent.CHANGED)));
    }
  }

  private Sample reconcile(BenchNode node, Loans loans, KurrentDb kurrentdb, Extent extent) {
    return bench.measure(
        node,
        () -> {
          var found = loans.reconcile(kurrentdb, extent, Payloads.NONE);
          if (!found.isClean()) {
            throw new IllegalStateException("a lakehouse that nobody touched differs: " + found);
          }
          return found.comparisons().get(0).expected();
        });
  }
}
