package io.github.kurrentlake.report;

import io.github.kurrentlake.gold.GoldTable;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.job.TaskRuns;
import io.github.kurrentlake.maintain.Layout;
import io.github.kurrentlake.reconcile.ReconciliationTable;
import io.github.kurrentlake.report.Fact.State;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.status.LayerStatus;
import io.github.kurrentlake.status.Status;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.SideBySide;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.table.TableSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * A page of HTML about a lakehouse: whether it is fresh and complete, what its tasks took and how
 * they ended, what is in quarantine, and how large the tables are. Of payloads, and of what else is
 * about persons, nothing is in it.
 */
public final class Report {
  private final SparkSession spark;
  private final Lakehouse lakehouse;
  private final Lifecycle lifecycle;

  private Report(SparkSession spark, Lakehouse lakehouse, Lifecycle lifecycle) {
    this.spark = spark;
    this.lakehouse = lakehouse;
    this.lifecycle = lifecycle;
  }

  /**
   * The page.
   *
   * @param title above it
   * @param status how the layers stand
   * @param own figures about the entities, which stand before those about the tables
   */
  public static String page(
      SparkSession caller,
      Lakehouse lakehouse,
      Lifecycle lifecycle,
      String title,
      Status status,
      List<Supplier<Figure>> own) {
    return new Report(TableSession.of(caller), lakehouse, lifecycle).page(title, status, own);
  }

  private String page(String title, Status status, List<Supplier<Figure>> own) {
    var parts = new ArrayList<>(own);
    parts.add(
        () ->
            query(
                "How long events took to Gold",
                "By run that read new events: from when KurrentDB wrote the first of them until the"
                    + " run's last task had ended, and the run itself. A first run reads what was"
                    + " written long before.",
                Chart.LINE,
                TaskRuns.TABLE,
                "runs.sql"));
    parts.add(
        () ->
            query(
                "Events per second",
                "By run of the task that reads KurrentDB.",
                Chart.LINE,
                TaskRuns.TABLE,
                "throughput.sql"));
    parts.add(
        () ->
            query(
                "Tasks",
                "Of the last 30 days, the slowest first; the bars are medians.",
                Chart.BARS,
                TaskRuns.TABLE,
                "tasks.sql"));
    parts.add(
        () ->
            query(
                "Quarantine by day",
                "Events that no Silver table could take in the last 90 days, by what was wrong with"
                    + " them.",
                Chart.STACKED,
                QuarantineTable.DECLARATION,
                "quarantine_by_day.sql"));
    parts.add(
        () ->
            query(
                "Open in quarantine",
                "What waits for another declaration; \"quarantine show\" with the position of the"
                    + " example shows the event.",
                Chart.NONE,
                QuarantineTable.DECLARATION,
                "quarantine_open.sql"));
    var verdicts = parts.size();
    parts.add(this::verdicts);
    parts.add(this::files);
    var made = SideBySide.each(parts, Supplier::get);
    var figures = new ArrayList<Figure>();
    figures.add(layers(status));
    figures.addAll(made);
    return Page.of(
        title,
        Instant.now(),
        List.of(
            behind(status), reconciled(made.get(verdicts)), lastRuns(status), quarantined(status)),
        figures);
  }

  private Figure verdicts() {
    return query(
        "Last reconciliation",
        "What \"reconcile\" found when it last compared KurrentDB with Bronze, Bronze with Silver,"
            + " and Silver with Gold.",
        Chart.NONE,
        ReconciliationTable.DECLARATION,
        "reconciliation.sql");
  }

  private static Fact behind(Status status) {
    var name = "Behind KurrentDB";
    return status
        .unanswered()
        .map(error -> new Fact(name, "no answer: " + error.code().code(), State.UNKNOWN))
        .or(() -> status.behind().map(time -> new Fact(name, inWords(time), State.BAD)))
        .orElseGet(() -> new Fact(name, "nothing: every event is in every layer", State.GOOD));
  }

  /** What differs comes first in the figure. */
  private static Fact reconciled(Figure verdicts) {
    var name = "Last reconciliation";
    if (verdicts.rows().isEmpty()) {
      return new Fact(name, "never", State.UNKNOWN);
    }
    return verdicts.rows().get(0).get(verdicts.columns().indexOf("Verdict")).equals("clean")
        ? new Fact(name, "clean", State.GOOD)
        : new Fact(name, "differences, see below", State.BAD);
  }

  private static Fact lastRuns(Status status) {
    var name = "Last runs of the tasks";
    var failed =
        status.layers().stream()
            .filter(layer -> layer.lastRun().filter(run -> !run.hasSucceeded()).isPresent())
            .map(layer -> "%s: %s".formatted(layer.table(), layer.lastRun().get().outcome()))
            .collect(Collectors.joining(", "));
    if (!failed.isEmpty()) {
      return new Fact(name, failed, State.BAD);
    }
    return status.layers().stream().anyMatch(layer -> layer.lastRun().isPresent())
        ? new Fact(name, "all succeeded", State.GOOD)
        : new Fact(name, "none is noted", State.UNKNOWN);
  }

  private static Fact quarantined(Status status) {
    var events = status.layers().stream().mapToLong(LayerStatus::openQuarantine).sum();
    return new Fact(
        "Open in quarantine",
        "%,d %s".formatted(events, events == 1 ? "event" : "events"),
        events == 0 ? State.GOOD : State.BAD);
  }

  private static Figure layers(Status status) {
    return new Figure(
        "Layers",
        "What each table holds, and what KurrentDB has that it does not.",
        Chart.NONE,
        List.of(
            "Table",
            "Newest event, log position",
            "Events behind",
            "Behind",
            "Last run",
            "Ended",
            "Open in quarantine",
            "Since"),
        status.layers().stream().map(Report::cells).toList());
  }

  private static List<Object> cells(LayerStatus layer) {
    return Stream.of(
            Optional.of(layer.table()),
            layer.logPosition().stream().boxed().findFirst(),
            layer.eventsBehind().stream().boxed().findFirst(),
            layer.behind().map(Report::inWords),
            layer.lastRun().map(LayerStatus.LastRun::startedAt),
            layer.lastRun().map(LayerStatus.LastRun::outcome),
            Optional.of(layer.openQuarantine()),
            layer.oldestQuarantine())
        .map(cell -> cell.map(Object.class::cast).orElse(""))
        .toList();
  }

  private Figure files() {
    var tables =
        Stream.concat(
            lifecycle.sources().stream(), lifecycle.tables().stream().map(GoldTable::table));
    return new Figure(
        "Files of the tables",
        "Many small files make a table slow; \"maintain\" puts them together.",
        Chart.BARS,
        List.of("Table", "Files", "MB", "KB per file"),
        tables
            .map(lakehouse::table)
            .filter(table -> table.exists(spark))
            .map(
                table -> {
                  var layout = Layout.of(spark, table);
                  return List.<Object>of(
                      table.name().toString(),
                      layout.files(),
                      layout.bytes() / 1e6,
                      layout.bytesPerFile() / 1e3);
                })
            .toList());
  }

  private Figure query(
      String title, String about, Chart chart, TableDeclaration source, String resource) {
    var table = lakehouse.table(source);
    return table.exists(spark)
        ? Figure.of(
            title,
            about,
            chart,
            spark.sql(
                SqlTemplate.beside(Report.class, resource)
                    .with("runs", TaskRuns.RUNS)
                    .fill(Map.of(source.name(), table.sqlName()))))
        : new Figure(title, about, chart, List.of(), List.of());
  }

  private static String inWords(Duration time) {
    if (time.toMinutes() < 2) {
      return time.toSeconds() + " s";
    } else if (time.toHours() < 2) {
      return time.toMinutes() + " min";
    }
    return time.toDays() < 2 ? time.toHours() + " h" : time.toDays() + " days";
  }
}
