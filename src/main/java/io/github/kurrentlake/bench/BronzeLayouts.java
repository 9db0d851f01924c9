package io.github.kurrentlake.bench;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Platform;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** Years of events, then an hour's, into a Bronze of each layout, and what a reader meets there. */
final class BronzeLayouts implements Experiment {
  private static final int YEARS = 3;

  private final Bench bench;
  private final BenchOptions options;

  BronzeLayouts(Bench bench) {
    this.bench = bench;
    this.options = bench.options();
  }

  /** The ways in which {@code bronze.events} could lie on the disk. */
  private enum Layout {
    /** In the order of writing. */
    PLAIN,
    /** Clustered by position, which takes effect when the table is optimized. */
    CLUSTERED,
    /** A directory a day, as in the guide. */
    PARTITIONED;

    String row() {
      return "layout-" + name().toLowerCase(Locale.ROOT);
    }

    /** Makes the table in this layout, which Bronze then finds. */
    void create(SparkSession spark, Lakehouse lakehouse) {
      lakehouse.prepare(spark, BronzeTables.EVENTS.schema());
      var name = lakehouse.table(BronzeTables.EVENTS).sqlName();
      var plain = BronzeTables.EVENTS.clusteredBy(new String[0]);
      spark.sql(
          switch (this) {
            case PLAIN -> plain.ddl(Platform.OPEN_SOURCE, name);
            case CLUSTERED -> plain.clusteredBy("log_position").ddl(Platform.OPEN_SOURCE, name);
            case PARTITIONED ->
                plain
                    .ddl(Platform.OPEN_SOURCE, name)
                    .replace("\nTBLPROPERTIES", "\nPARTITIONED BY (event_date)\nTBLPROPERTIES")
                    // Delta keeps no minimum and maximum of what is a directory's name.
                    .replace(",event_date", "");
          });
    }
  }

  @Override
  public List<String> rows() {
    return Stream.of(Layout.values()).map(Layout::row).toList();
  }

  @Override
  public void run() {
    var layouts = Stream.of(Layout.values()).filter(layout -> options.wants(layout.row())).toList();
    try (var node = bench.node(options.layoutEvents(), YEARS)) {
      for (var round : bench.rounds()) {
        var directories = new EnumMap<Layout, WorkDirectory>(Layout.class);
        var backfills = new EnumMap<Layout, Sample>(Layout.class);
        for (var layout : layouts) {
          var directory = bench.directory();
          directories.put(layout, directory);
          layout.create(bench.spark(), directory.lakehouse());
          backfills.put(layout, bench.ingest(node, directory.lakehouse()));
        }
        node.append(options.hourlyEvents());
        for (var layout : layouts) {
          try (var directory = directories.get(layout)) {
            var hourly = bench.ingest(node, directory.lakehouse());
            var sample = backfills.get(layout).with("hourly_seconds", hourly.seconds());
            for (var figure : read(directory.lakehouse()).entrySet()) {
              sample = sample.with(figure.getKey(), figure.getValue());
            }
            bench.record(layout.row(), round, sample);
          }
        }
        node.truncate();
      }
    }
  }

  /** What a reader meets: files, and seconds of a day's events and of one position. */
  private Map<String, Double> read(Lakehouse lakehouse) {
    var spark = bench.spark();
    var name = lakehouse.table(BronzeTables.EVENTS).sqlName();
    var detail = spark.sql("DESCRIBE DETAIL " + name).head();
    var files = detail.<Long>getAs("numFiles");
    var middle =
        spark
            .sql(
                "SELECT log_position, event_date FROM %s ORDER BY log_position LIMIT 1 OFFSET %d"
                    .formatted(name, spark.table(name).count() / 2))
            .head();
    var day =
        "SELECT count(*), sum(length(data)) FROM %s WHERE event_date = DATE '%s'"
            .formatted(name, middle.get(1));
    var position = "SELECT * FROM %s WHERE log_position = %d".formatted(name, middle.getLong(0));
    return Map.of(
        "files",
        (double) files,
        "mean_file_kb",
        detail.<Long>getAs("sizeInBytes") / 1024.0 / Math.max(1, files),
        "day_query_seconds",
        seconds(day),
        "position_query_seconds",
        seconds(position));
  }

  /** The third time counts: the first compiles, the second reads what was just written. */
  private double seconds(String query) {
    var seconds = 0.0;
    for (var ignored : List.of(1, 2, 3)) {
      seconds = Sample.timed(() -> bench.spark().sql(query).collectAsList().size()).seconds();
    }
    return seconds;
  }
}
