package io.github.kurrentlake.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

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
    return Stream.of(
            rate(rows, BronzeBackfill.OURS, BronzeBackfill.GUIDE, "events/s", 10),
            time(rows, BronzeBackfill.OURS, BronzeBackfill.DRAIN_WRITE, 2.5),
            time(rows, SilverBackfill.OURS, SilverBackfill.GUIDE, 1.5),
            rate(rows, LakebaseExtract.OURS, LakebaseExtract.JDBC, "rows/s", 1),
            upsert(rows, LakebaseWrite.UPSERT),
            upsert(rows, LakebaseWrite.REBUILT),
            spread(rows, "growth-", "growth, slowest / fastest", BenchRow::seconds),
            spread(
                rows,
                "memory-",
                "memory, largest / smallest",
                row -> row.more().getOrDefault("resident_mb", 0.0)))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Target> upsert(List<BenchRow> rows, LakebaseWrite.Change change) {
    return rate(rows, change.ours(), change.jdbc(), "rows/s", 1.5);
  }

  /** How many times as fast a row is at least as another; none unless both were measured. */
  private static Optional<Target> rate(
      List<BenchRow> rows, String ours, String other, String unit, double least) {
    return ratio(rows, ours, other, BenchRow::eventsPerSecond)
        .map(ratio -> new Target(ours + " / " + other + " in " + unit, ratio, least, true));
  }

  /** How many times as long a row takes at most as another; none unless both were measured. */
  private static Optional<Target> time(
      List<BenchRow> rows, String ours, String other, double most) {
    return ratio(rows, ours, other, BenchRow::seconds)
        .map(ratio -> new Target(ours + " / " + other + " in seconds", ratio, most, false));
  }

  private static Optional<Double> ratio(
      List<BenchRow> rows, String ours, String other, ToDoubleFunction<BenchRow> figure) {
    return row(rows, ours)
        .flatMap(
            one ->
                row(rows, other).map(two -> figure.applyAsDouble(one) / figure.applyAsDouble(two)));
  }

  /** How far rows of one kind lie apart; none of fewer than two. */
  private static Optional<Target> spread(
      List<BenchRow> rows, String prefix, String name, ToDoubleFunction<BenchRow> figure) {
    var figures =
        rows.stream()
            .filter(row -> row.name().startsWith(prefix))
            .mapToDouble(figure)
            .filter(value -> value > 0)
            .sorted()
            .toArray();
    return figures.length < 2
        ? Optional.empty()
        : Optional.of(new Target(name, figures[figures.length - 1] / figures[0], 1.2, false));
  }

  private static Optional<BenchRow> row(List<BenchRow> rows, String name) {
    return rows.stream().filter(row -> row.name().equals(name)).findFirst();
  }
}
