package io.github.kurrentlake.bench;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.loans.Loans;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.TableDeclaration;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * Measures Bronze, the floors below it, Silver, and the guide's cells in one run: after a warm-up,
 * rounds of everything by turns, so that a machine that slows down slows all of them. KurrentDB
 * runs in a JVM of its own, whose processor time is told apart; all rows share the machine's cores
 * with it.
 */
public final class Benchmark {
  private static final String GUIDE = "guide-bronze";
  private static final String READ_MODEL = "read-model";
  private static final String LIFECYCLE = "lifecycle";
  private static final String CATEGORY = Loans.CATEGORY;

  /** Amounts with a fraction do not fit their column. */
  private static final String CLEAN = "NOT data RLIKE '\"(Amount|Income)\":\"?[0-9]+[.]'";

  private final SparkSession spark;
  private final BenchOptions options;
  private final PrintStream progress;
  private final Map<String, List<Sample>> samples = new LinkedHashMap<>();
  private long directories;

  private Benchmark(SparkSession spark, BenchOptions options, PrintStream progress) {
    this.spark = spark;
    this.options = options;
    this.progress = progress;
  }

  /**
   * Runs the benchmark.
   *
   * @param progress told in lines what was just measured
   */
  public static List<BenchRow> run(SparkSession spark, BenchOptions options, PrintStream progress) {
    return new Benchmark(spark, options, progress).run();
  }

  private List<BenchRow> run() {
    if (wantsAny("floor-drain", "floor-drain-write", "bronze", GUIDE)
        || wantsMemory(options.events())) {
      pipelines();
    }
    if (wantsAny("silver", "guide-silver")) {
      silver();
    }
    if (wantsAny(READ_MODEL, LIFECYCLE)) {
      readModel();
    }
    if (options.growth().stream().anyMatch(size -> options.wants(sized("growth", size)))) {
      growth();
    }
    options.memory().forEach(this::memory);
    if (List.of(Layouts.values()).stream().anyMatch(layout -> options.wants(layout.row()))) {
      layouts();
    }
    new GoldRefresh(spark, options, this::directory).run(this::record);
    if (wantsAny(LakebaseExtract.OURS, LakebaseExtract.JDBC)) {
      new LakebaseExtract(spark, options).run(this::record);
    }
    if (LakebaseWrite.isWantedBy(options)) {
      new LakebaseWrite(spark, options, directory()).run(this::record);
    }
    return samples.entrySet().stream()
        .map(row -> BenchRow.of(row.getKey(), row.getValue()))
        .toList();
  }

  /** The name of a row of a size: {@code growth-100k}, {@code growth-10m}. */
  static String sized(String row, long events) {
    if (events % 1_000_000 == 0) {
      return row + "-" + events / 1_000_000 + "m";
    }
    return events % 1_000 == 0 ? row + "-" + events / 1_000 + "k" : row + "-" + events;
  }

  private void pipelines() {
    try (var node = node(options.events(), 0)) {
      var adbc = new PlainAdbc(node.address(), CATEGORY);
      var rows = new LinkedHashMap<String, Supplier<Sample>>();
      rows.put("floor-drain", () -> drain(node, adbc));
      rows.put("floor-drain-write", () -> drainAndWrite(node, adbc));
      rows.put("bronze", () -> bronze(node));
      rows.put(GUIDE, () -> guide(node, options.guideEvents()));
      rows.keySet().removeIf(name -> !options.wants(name));
      for (var round = options.firstRound(); round <= options.rounds(); round++) {
        for (var row : rows.entrySet()) {
          // The guide's cell warms up in its first slice; the rest would only take time.
          var sample =
              round == 0 && row.getKey().equals(GUIDE) ? guide(node, 1) : row.getValue().get();
          record(row.getKey(), round, sample);
        }
      }
      if (wantsMemory(options.events())) {
        var lakehouse = directory();
        record(sized("memory", options.events()), 1, BronzeProcess.run(node, lakehouse, work()));
        delete(lakehouse);
      }
    }
  }

  private Sample drain(BenchNode node, PlainAdbc adbc) {
    var drained = new PlainAdbc.Drained[1];
    return measure(
            node,
            () -> {
              drained[0] = adbc.drain();
              return drained[0].events();
            })
        .with("bytes_per_event", (double) drained[0].bytes() / Math.max(1, drained[0].events()));
  }

  private Sample drainAndWrite(BenchNode node, PlainAdbc adbc) {
    var directory = directory();
    try {
      Files.createDirectories(directory);
      return measure(node, () -> adbc.write(directory.resolve("events.parquet")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(directory);
    }
  }

  private Sample bronze(BenchNode node) {
    var lakehouse = directory();
    try {
      return measure(node, () -> ingest(node, Lakehouse.at(lakehouse)).rowsOut());
    } finally {
      delete(lakehouse);
    }
  }

  private Sample guide(BenchNode node, long events) {
    var lakehouse = directory();
    try {
      var guide = new GuideBronze(spark, node.address(), CATEGORY, lakehouse);
      return measure(
          node,
          () -> {
            guide.create();
            return guide.ingest(events);
          });
    } finally {
      delete(lakehouse);
    }
  }

  /**
   * The five Silver streams and the guide's over the same Bronze, which is read once before.
   * Without the rare events that our Silver refuses, so that both write the same rows.
   */
  private void silver() {
    var read = directory();
    var built = directory();
    try (var node = node(options.events(), 0)) {
      say("built", measure(node, () -> ingest(node, Lakehouse.at(read)).rowsOut()), "silver");
      copy(Lakehouse.at(read), Lakehouse.at(built), BronzeTables.EVENTS, CLEAN);
      var rows = new LinkedHashMap<String, Consumer<SilverStreams>>();
      rows.put("silver", SilverStreams::ours);
      rows.put("guide-silver", SilverStreams::guide);
      rows.keySet().removeIf(name -> !options.wants(name));
      for (var round = options.firstRound(); round <= options.rounds(); round++) {
        for (var row : rows.entrySet()) {
          record(row.getKey(), round, streams(node, built, row.getValue()));
        }
      }
    } finally {
      delete(read);
      delete(built);
    }
  }

  /** The two ways to one row per loan, each from nothing. */
  private void readModel() {
    try (var node = node(options.events(), 0)) {
      var rows = new LinkedHashMap<String, Function<Path, JobReport>>();
      rows.put(
          READ_MODEL,
          directory ->
              Loans.of(spark, Lakehouse.at(directory)).readModel(node.address().kurrentdb()));
      rows.put(
          LIFECYCLE,
          directory -> {
            var ingested = ingest(node, Lakehouse.at(directory));
            new SilverStreams(spark, directory).ours();
            Loans.of(spark, Lakehouse.at(directory)).refresh();
            return ingested;
          });
      rows.keySet().removeIf(name -> !options.wants(name));
      for (var round = options.firstRound(); round <= options.rounds(); round++) {
        for (var row : rows.entrySet()) {
          var directory = directory();
          record(
              row.getKey(), round, measure(node, () -> row.getValue().apply(directory).eventsIn()));
          delete(directory);
        }
      }
    }
  }

  private Sample streams(BenchNode node, Path built, Consumer<SilverStreams> work) {
    var lakehouse = directory();
    try {
      Lakehouse.at(lakehouse).prepare(spark, "silver");
      Files.createSymbolicLink(lakehouse.resolve("bronze"), built.resolve("bronze"));
      var streams = new SilverStreams(spark, lakehouse);
      var timed =
          measure(
              node,
              () -> {
                work.accept(streams);
                return 0;
              });
      return new Sample(streams.rows(), timed.seconds(), timed.more());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(lakehouse);
    }
  }

  /**
   * The same increment into tables of several sizes. The largest is read from KurrentDB; the others
   * hold its last events, so that all stand at the same position.
   */
  private void growth() {
    var largest = Collections.max(options.growth());
    try (var node = node(largest, 0)) {
      var built = directory();
      if (wantsMemory(largest) && !samples.containsKey(sized("memory", largest))) {
        record(sized("memory", largest), 1, BronzeProcess.run(node, built, work()));
      } else {
        var whole = measure(node, () -> ingest(node, Lakehouse.at(built)).rowsOut());
        say("built", whole, sized("growth", largest));
      }
      var lakehouses = new LinkedHashMap<String, Lakehouse>();
      for (var size : options.growth()) {
        var name = sized("growth", size);
        if (options.wants(name)) {
          lakehouses.put(name, size.equals(largest) ? Lakehouse.at(built) : lastOf(built, size));
        }
      }
      var names = new ArrayList<>(lakehouses.keySet());
      for (var round = options.firstRound(); round <= options.rounds(); round++) {
        node.append(options.increment());
        // Whoever comes first finds the server's caches cold.
        Collections.rotate(names, 1);
        for (var name : names) {
          var sample = measure(node, () -> ingest(node, lakehouses.get(name)).rowsOut());
          if (sample.events() != options.increment()) {
            throw ErrorCode.INTERNAL.error().with(name, sample.events() + " events");
          }
          record(name, round, sample);
        }
      }
      delete(built);
    }
  }

  private Lakehouse lastOf(Path whole, long size) {
    var lakehouse = Lakehouse.at(directory());
    var from = Lakehouse.at(whole);
    var source = from.table(BronzeTables.EVENTS);
    var beyond =
        spark
            .sql(
                "SELECT log_position FROM %s ORDER BY log_position DESC LIMIT 1 OFFSET %d"
                    .formatted(source.sqlName(), size))
            .head()
            .getLong(0);
    copy(from, lakehouse, BronzeTables.EVENTS, "log_position > " + beyond);
    copy(from, lakehouse, BronzeTables.INGEST_HWM, "true");
    return lakehouse;
  }

  private void copy(Lakehouse from, Lakehouse to, TableDeclaration declaration, String condition) {
    var columns =
        Sql.list(
            declaration.columns().stream()
                .filter(column -> column.generatedAs().isEmpty())
                .map(io.github.kurrentlake.table.Column::name)
                .toList());
    spark.sql(
        "INSERT INTO %s (%s) SELECT %s FROM %s WHERE %s"
            .formatted(
                to.ensure(spark, declaration).sqlName(),
                columns,
                columns,
                from.table(declaration).sqlName(),
                condition));
  }

  /** A size that no other part of this run has measured. */
  private void memory(long events) {
    var name = sized("memory", events);
    if (options.wants(name) && !samples.containsKey(name)) {
      var lakehouse = directory();
      try (var node = node(events, 0)) {
        record(name, 1, BronzeProcess.run(node, lakehouse, work()));
      } finally {
        delete(lakehouse);
      }
    }
  }

  private void layouts() {
    try (var node = node(options.layoutEvents(), Layouts.YEARS)) {
      var layouts =
          List.of(Layouts.values()).stream().filter(layout -> options.wants(layout.row())).toList();
      for (var round = options.firstRound(); round <= options.rounds(); round++) {
        var lakehouses = new LinkedHashMap<Layouts, Path>();
        var backfills = new LinkedHashMap<Layouts, Sample>();
        for (var layout : layouts) {
          var directory = directory();
          lakehouses.put(layout, directory);
          layout.create(spark, Lakehouse.at(directory));
          backfills.put(
              layout, measure(node, () -> ingest(node, Lakehouse.at(directory)).rowsOut()));
        }
        node.append(options.hourlyEvents());
        for (var layout : layouts) {
          var lakehouse = Lakehouse.at(lakehouses.get(layout));
          var hourly = measure(node, () -> ingest(node, lakehouse).rowsOut());
          var sample = backfills.get(layout).with("hourly_seconds", hourly.seconds());
          for (var figure : Layouts.read(spark, lakehouse).entrySet()) {
            sample = sample.with(figure.getKey(), figure.getValue());
          }
          record(layout.row(), round, sample);
          delete(lakehouses.get(layout));
        }
        node.truncate();
      }
    }
  }

  private JobReport ingest(BenchNode node, Lakehouse lakehouse) {
    return Loans.of(spark, lakehouse).ingest(node.address().kurrentdb());
  }

  private BenchNode node(long events, int years) {
    var begun = System.nanoTime();
    var node = BenchNode.start(options, events, years);
    say("loaded", new Sample(events, since(begun)), "KurrentDB");
    return node;
  }

  private Sample measure(BenchNode node, LongSupplier work) {
    var server = node.cpu();
    var own = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    var begun = System.nanoTime();
    var events = work.getAsLong();
    var seconds = since(begun);
    var after = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    return new Sample(events, seconds)
        .with("cpu_seconds", after.minus(own).toMillis() / 1000.0)
        .with("server_cpu_seconds", node.cpu().minus(server).toMillis() / 1000.0);
  }

  /** Keeps a measurement, but for round 0, which is the warm-up. */
  private void record(String name, int round, Sample sample) {
    if (round == 0) {
      say("warm-up", sample, name);
      return;
    }
    samples.computeIfAbsent(name, none -> new ArrayList<>()).add(sample);
    say("round " + round, sample, name);
  }

  private void say(String when, Sample sample, String name) {
    progress.printf(
        Locale.ROOT,
        "%-8s %-18s %,12d events %9.2f s%n",
        when,
        name,
        sample.events(),
        sample.seconds());
    progress.flush();
  }

  private boolean wantsAny(String... names) {
    return List.of(names).stream().anyMatch(options::wants);
  }

  private boolean wantsMemory(long events) {
    return options.memory().contains(events) && options.wants(sized("memory", events));
  }

  private Path work() {
    return options.directory();
  }

  /** A new one each time: Delta remembers the tables of a path. */
  private Path directory() {
    directories++;
    return options.directory().resolve("lakehouse-" + directories);
  }

  private static double since(long begun) {
    return (System.nanoTime() - begun) / 1e9;
  }

  private static void delete(Path directory) {
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
