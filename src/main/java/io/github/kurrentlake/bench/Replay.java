package io.github.kurrentlake.bench;

import io.github.kurrentlake.bench.Bench.Measurement;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.loans.Loans;
import io.github.kurrentlake.replay.ReplayOptions.OnceCompared;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.table.Lakehouse;
import java.util.List;

/** A projection made again and compared, beside its first run over the same events. */
final class Replay implements Experiment {
  private static final String FIRST = "replay-first-projection";
  private static final String AGAIN = "replay";

  private final Bench bench;

  Replay(Bench bench) {
    this.bench = bench;
  }

  @Override
  public List<String> rows() {
    return List.of(FIRST, AGAIN);
  }

  @Override
  public void run() {
    try (var directory = bench.directory();
        var node = bench.node(bench.options().events())) {
      var lakehouse = directory.lakehouse();
      bench.built(FIRST, bench.ingest(node, lakehouse));
      new SilverStreams(bench.spark(), directory.path()).ours();
      Loans.of(bench.spark(), lakehouse).refresh();
      var projection = Loans.projections().get(0);
      bench.byTurns(
          new Measurement(FIRST, round -> bench.measure(node, () -> first(lakehouse, projection))),
          new Measurement(
              AGAIN,
              round -> {
                // After the table was made anew, which Gold has to follow first.
                Loans.of(bench.spark(), lakehouse).refresh();
                return bench.measure(node, () -> again(lakehouse, projection));
              }));
    }
  }

  private long first(Lakehouse lakehouse, Projection projection) {
    Silver.forget(bench.spark(), lakehouse, projection);
    lakehouse.remove(bench.spark(), projection.table().qualifiedName());
    return Silver.project(bench.spark(), lakehouse, projection, Progress.unwatched()).eventsIn();
  }

  private long again(Lakehouse lakehouse, Projection projection) {
    var replayed =
        Loans.of(bench.spark(), lakehouse)
            .replay(List.of(projection.name()), OnceCompared.SWITCH)
            .get(0);
    if (replayed.differs()) {
      throw new IllegalStateException("a lakehouse that nobody touched differs: " + replayed);
    }
    return replayed.same();
  }
}
