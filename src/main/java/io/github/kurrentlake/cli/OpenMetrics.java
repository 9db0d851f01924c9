package io.github.kurrentlake.cli;

import io.github.kurrentlake.status.LayerStatus;
import io.github.kurrentlake.status.Status;
import io.github.kurrentlake.table.StorageFaults;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The status as metrics, for a scraper that reads text files. What is not known, as when KurrentDB
 * does not answer, is left out.
 */
final class OpenMetrics {
  private static final double MILLIS = 1000;

  private OpenMetrics() {}

  /** Writes the file in one step, so that no scraper sees a part of it. */
  static void write(Status status, Path file) {
    var text = new ByteArrayOutputStream();
    var beside = file.resolveSibling(file.getFileName() + ".part");
    try {
      new OpenMetricsTextFormatWriter(false, true).write(text, metrics(status));
      Files.write(beside, text.toByteArray());
      Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw StorageFaults.orUnusable(e).with("file", file);
    }
  }

  private static MetricSnapshots metrics(Status status) {
    return MetricSnapshots.of(
        gauge(
            status,
            "kurrentlake_log_position",
            "Position of the newest event that the table holds",
            layer -> layer.logPosition().stream().asDoubleStream().boxed()),
        gauge(
            status,
            "kurrentlake_behind_events",
            "Events of its types that KurrentDB has and the table does not",
            layer -> layer.eventsBehind().stream().asDoubleStream().boxed()),
        gauge(
            status,
            "kurrentlake_behind_seconds",
            "For how long the oldest of them has waited; 0 for none",
            layer ->
                layer.eventsBehind().stream()
                    .mapToObj(events -> layer.behind().map(OpenMetrics::seconds).orElse(0.0))),
        gauge(
            status,
            "kurrentlake_quarantined_events",
            "Events of the table that are open in quarantine",
            layer -> Stream.of((double) layer.openQuarantine())),
        gauge(
            status,
            "kurrentlake_last_run_timestamp_seconds",
            "When the last run of the table's task began",
            layer -> layer.lastRun().stream().map(run -> run.startedAt().toEpochMilli() / MILLIS)),
        gauge(
            status,
            "kurrentlake_last_run_succeeded",
            "Whether it succeeded: 1 or 0",
            layer -> layer.lastRun().stream().map(run -> run.hasSucceeded() ? 1.0 : 0.0)));
  }

  private static GaugeSnapshot gauge(
      Status status, String name, String help, Function<LayerStatus, Stream<Double>> value) {
    var gauge = GaugeSnapshot.builder().name(name).help(help);
    for (var layer : status.layers()) {
      value
          .apply(layer)
          .map(known -> new GaugeDataPointSnapshot(known, Labels.of("table", layer.table()), null))
          .forEach(gauge::dataPoint);
    }
    return gauge.build();
  }

  private static double seconds(Duration time) {
    return time.toMillis() / MILLIS;
  }
}
