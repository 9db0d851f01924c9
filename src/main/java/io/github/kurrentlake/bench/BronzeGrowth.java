package io.github.kurrentlake.bench;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.table.Lakehouse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The same increment into tables of several sizes. The largest is read from KurrentDB; the others
 * hold its last events, so that all stand at the same position.
 */
final class BronzeGrowth implements Experiment {
  private final Bench bench;
  private final BenchOptions options;

  BronzeGrowth(Bench bench) {
    this.bench = bench;
    this.options = bench.options();
  }

  @Override
  public List<String> rows() {
    return options.growth().stream().map(BronzeGrowth::row).toList();
  }

  @Override
  public void run() {
    var largest = Collections.max(options.growth());
    try (var node = bench.node(largest);
        var directory = bench.directory()) {
      var whole = directory.lakehouse();
      if (BronzeMemory.isDue(bench, largest)) {
        BronzeMemory.measure(bench, node, largest, directory);
      } else {
        bench.built(row(largest), bench.ingest(node, whole));
      }
      var lakehouses = new LinkedHashMap<String, Lakehouse>();
      for (var size : options.growth()) {
        if (options.wants(row(size))) {
          lakehouses.put(row(size), size.equals(largest) ? whole : lastOf(whole, size));
        }
      }
      var rows = new ArrayList<>(lakehouses.keySet());
      for (var round : bench.rounds()) {
        node.append(options.increment());
        // Anyone who comes first finds the server's caches cold.
        Collections.rotate(rows, 1);
        for (var row : rows) {
          var sample = bench.ingest(node, lakehouses.get(row));
          if (sample.events() != options.increment()) {
            throw ErrorCode.INTERNAL.error().with(row, sample.events() + " events");
          }
          bench.record(row, round, sample);
        }
      }
    }
  }

  private static String row(long size) {
    return BenchRow.sized("growth", size);
  }

  private Lakehouse lastOf(Lakehouse whole, long size) {
    var lakehouse = bench.directory().lakehouse();
    var events = whole.table(BronzeTables.EVENTS);
    var beyond =
        bench
            .spark()
            .sql(
                "SELECT log_position FROM %s ORDER BY log_position DESC LIMIT 1 OFFSET %d"
                    .formatted(events.sqlName(), size))
            .head()
            .getLong(0);
    bench.copy(whole, lakehouse, BronzeTables.EVENTS, "log_position > " + beyond);
    bench.copy(whole, lakehouse, BronzeTables.INGEST_HWM, "true");
    return lakehouse;
  }
}
