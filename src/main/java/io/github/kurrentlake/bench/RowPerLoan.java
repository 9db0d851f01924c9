package io.github.kurrentlake.bench;

import io.github.kurrentlake.bench.Bench.Measurement;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.loans.Loans;
import io.github.kurrentlake.table.Lakehouse;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** The two ways to one row per loan, each from nothing. */
final class RowPerLoan implements Experiment {
  private static final String READ_MODEL = "read-model";
  private static final String LIFECYCLE = "lifecycle";

  private final Bench bench;

  RowPerLoan(Bench bench) {
    this.bench = bench;
  }

  @Override
  public List<String> rows() {
    return List.of(READ_MODEL, LIFECYCLE);
  }

  @Override
  public void run() {
    try (var node = bench.node(bench.options().events())) {
      var kurrentdb = node.address().kurrentdb();
      bench.byTurns(
          new Measurement(
              READ_MODEL,
              round -> measure(node, directory -> loans(directory).readModel(kurrentdb))),
          new Measurement(
              LIFECYCLE,
              round ->
                  measure(
                      node,
                      directory -> {
                        var ingested = loans(directory).ingest(kurrentdb);
                        new SilverStreams(bench.spark(), directory).ours();
                        loans(directory).refresh();
                        return ingested;
                      })));
    }
  }

  private Sample measure(BenchNode node, Function<Path, JobReport> work) {
    try (var directory = bench.directory()) {
      return bench.measure(node, () -> work.apply(directory.path()).eventsIn());
    }
  }

  private Loans loans(Path directory) {
    return Loans.of(bench.spark(), Lakehouse.at(directory));
  }
}
