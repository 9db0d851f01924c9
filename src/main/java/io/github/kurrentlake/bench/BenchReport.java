package io.github.kurrentlake.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What a benchmark found, for a person and for a program. */
public final class BenchReport {
  private final List<BenchRow> rows;
  private final List<Target> targets;

  private BenchReport(List<BenchRow> rows) {
    this.rows = List.copyOf(rows);
    this.targets = targets(rows);
  }

  public static BenchReport of(List<BenchRow> rows) {
    return new BenchReport(rows);
  }

  /**
   * A ratio that is promised.
   *
   * @param isLeast whether the limit is the least it may be, else the most
   */
  private record Target(String name, double ratio, double limit, boolean isLeast) {
    boolean isMet() {
      return isLeast ? ratio >= limit : ratio <= limit;
    }
  }

  /** Prints a table of the rows and, below it, the ratios that are promised. */
  public void print(PrintStream out) {
    line(out, "name", "events", "seconds", "events/s", "");
    for (var row : rows) {
      var more = new StringBuilder();
      row.more()
          .forEach(
              (name, value) ->
                  more.append(more.isEmpty() ? "" : ", ")
                      .append(name)
                      .append(' ')
                      .append(shown(value)));
      line(
          out,
          row.name(),
          String.format(Locale.ROOT, "%,d", row.events()),
          String.format(Locale.ROOT, "%.2f", row.seconds()),
          String.format(Locale.ROOT, "%,.0f", row.eventsPerSecond()),
          more.toString());
    }
    for (var target : targets) {
      out.printf(
          Locale.ROOT,
          "%s: %.2f (target: at %s %s) %s%n",
          target.name(),
          target.ratio(),
          target.isLeast() ? "least" : "most",
          shown(target.limit()),
          target.isMet() ? "met" : "NOT met");
    }
    out.flush();
  }

  /** Writes {@code {"machine": {...}, "rows": [...], "targets": [...]}}. */
  public void write(Path file) throws IOException {
    try (var writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
        var json = new JsonFactory().createGenerator(writer)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      json.writeObjectFieldStart("machine");
      json.writeNumberField("cores", Runtime.getRuntime().availableProcessors());
      json.writeNumberField("max_heap_mb", Runtime.getRuntime().maxMemory() >> 20);
      json.writeStringField("java", System.getProperty("java.version"));
      json.writeStringField(
          "os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
      json.writeEndObject();
      json.writeArrayFieldStart("rows");
      for (var row : rows) {
        write(json, row);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("targets");
      for (var target : targets) {
        json.writeStartObject();
        json.writeStringField("name", target.name());
        json.writeNumberField("ratio", target.ratio());
        json.writeNumberField(target.isLeast() ? "at_least" : "at_most", target.limit());
        json.writeBooleanField("met", target.isMet());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static void write(JsonGenerator json, BenchRow row) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", row.name());
    json.writeNumberField("events", row.events());
    json.writeNumberField("seconds", row.seconds());
    json.writeNumberField("events_per_second", row.eventsPerSecond());
    json.writeArrayFieldStart("rounds");
    for (var seconds : row.rounds()) {
      json.writeNumber(seconds);
    }
    json.writeEndArray();
    for (var figure : row.more().entrySet()) {
      json.writeNumberField(figure.getKey(), figure.getValue());
    }
    json.writeEndObject();
  }

  private static void line(
      PrintStream out, String name, String events, String seconds, String perSecond, String more) {
    out.println(
        String.format(
                Locale.ROOT, "%-18s %12s %9s %10s  %s", name, events, seconds, perSecond, more)
            .stripTrailing());
  }

  private static String shown(double value) {
    return value >= 100 || value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.2f", value);
  }

  private static List<Target> targets(List<BenchRow> rows) {
    var targets = new ArrayList<Target>();
    var bronze = row(rows, "bronze");
    bronze.ifPresent(
        ours -> {
          row(rows, "guide-bronze")
              .ifPresent(
                  guide ->
                      targets.add(
                          new Target(
                              "bronze / guide-bronze in events/s",
                              ours.eventsPerSecond() / guide.eventsPerSecond(),
                              10,
                              true)));
          row(rows, "floor-drain-write")
              .ifPresent(
                  floor ->
                      targets.add(
                          new Target(
                              "bronze / floor-drain-write in seconds",
                              ours.seconds() / floor.seconds(),
                              2.5,
                              false)));
        });
    row(rows, "silver")
        .ifPresent(
            ours ->
                row(rows, "guide-silver")
                    .ifPresent(
                        guide ->
                            targets.add(
                                new Target(
                                    "silver / guide-silver in seconds",
                                    ours.seconds() / guide.seconds(),
                                    1.3,
                                    false))));
    row(rows, LakebaseExtract.OURS)
        .flatMap(
            ours ->
                row(rows, LakebaseExtract.JDBC)
                    .map(
                        jdbc ->
                            new Target(
                                "lakebase-extract / jdbc-extract in rows/s",
                                ours.eventsPerSecond() / jdbc.eventsPerSecond(),
                                1,
                                true)))
        .ifPresent(targets::add);
    row(rows, LakebaseWrite.UPSERT)
        .flatMap(
            ours ->
                row(rows, LakebaseWrite.JDBC_UPSERT)
                    .map(
                        jdbc ->
                            new Target(
                                "lakebase-upsert / jdbc-upsert in rows/s",
                                ours.eventsPerSecond() / jdbc.eventsPerSecond(),
                                1.5,
                                true)))
        .ifPresent(targets::add);
    largestToSmallest(rows, "growth-", BenchRow::seconds)
        .ifPresent(
            ratio -> targets.add(new Target("growth, slowest / fastest", ratio, 1.2, false)));
    largestToSmallest(rows, "memory-", row -> row.more().getOrDefault("resident_mb", 0.0))
        .ifPresent(
            ratio -> targets.add(new Target("memory, largest / smallest", ratio, 1.2, false)));
    return targets;
  }

  private static Optional<Double> largestToSmallest(
      List<BenchRow> rows, String prefix, ToDoubleFunction<BenchRow> figure) {
    var figures =
        rows.stream()
            .filter(row -> row.name().startsWith(prefix))
            .map(row -> figure.applyAsDouble(row))
            .filter(value -> value > 0)
            .sorted(Comparator.naturalOrder())
            .toList();
    return figures.size() < 2
        ? Optional.empty()
        : Optional.of(figures.get(figures.size() - 1) / figures.get(0));
  }

  private static Optional<BenchRow> row(List<BenchRow> rows, String name) {
    return rows.stream().filter(row -> row.name().equals(name)).findFirst();
  }
}
