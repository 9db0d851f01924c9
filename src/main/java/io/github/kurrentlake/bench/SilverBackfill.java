package io.github.kurrentlake.bench;

import io.github.kurrentlake.bench.Bench.Measurement;
import io.github.kurrentlake.bronze.BronzeTables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Consumer;

/**
 * The five Silver streams and the guide's over the same Bronze, which is read once before. Without
 * the rare events that our Silver refuses, so that both write the same rows.
 */
final class SilverBackfill implements Experiment {
  static final String OURS = "silver";
  static final String GUIDE = "guide-silver";

  /** Amounts with a fraction do not fit their column. */
  private static final String CLEAN = "NOT data RLIKE '\"(Amount|Income)\":\"?[0-9]+[.]'";

  private final Bench bench;

  SilverBackfill(Bench bench) {
    this.bench = bench;
  }

  @Override
  public List<String> rows() {
    return List.of(OURS, GUIDE);
  }

  @Override
  public void run() {
    try (var all = bench.directory();
        var clean = bench.directory();
        var node = bench.node(bench.options().events())) {
      bench.built(OURS, bench.ingest(node, all.lakehouse()));
      bench.copy(all.lakehouse(), clean.lakehouse(), BronzeTables.EVENTS, CLEAN);
      bench.byTurns(
          new Measurement(OURS, round -> streams(node, clean, SilverStreams::ours)),
          new Measurement(GUIDE, round -> streams(node, clean, SilverStreams::guide)));
    }
  }

  private Sample streams(BenchNode node, WorkDirectory bronze, Consumer<SilverStreams> work) {
    try (var directory = bench.directory()) {
      directory.lakehouse().prepare(bench.spark(), "silver");
      Files.createSymbolicLink(directory.path().resolve("bronze"), bronze.path().resolve("bronze"));
      var streams = new SilverStreams(bench.spark(), directory.path());
      var timed =
          bench.measure(
              node,
              () -> {
                work.accept(streams);
                return 0;
              });
      return new Sample(streams.rows(), timed.seconds(), timed.more());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
