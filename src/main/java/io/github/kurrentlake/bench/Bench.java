package io.github.kurrentlake.bench;

import io.github.kurrentlake.loans.Loans;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.TableDeclaration;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;

/** What the experiments of a run share: the session, the clock, and the list of measurements. */
final class Bench {
  private final SparkSession spark;
  private final BenchOptions options;
  private final PrintStream progress;
  private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

  Bench(SparkSession spark, BenchOptions options, PrintStream progress) {
    this.spark = spark;
    this.options = options;
    this.progress = progress;
  }

  /**
   * How a row is measured.
   *
   * @param inRound takes the number of the round
   */
  record Measurement(String row, IntFunction<Sample> inRound) {}

  SparkSession spark() {
    return spark;
  }

  BenchOptions options() {
    return options;
  }

  /** All rows that were measured, in the order of their first measurements. */
  List<BenchRow> rows() {
    return samples.entrySet().stream()
        .map(row -> BenchRow.of(row.getKey(), row.getValue()))
        .toList();
  }

  boolean isMeasured(String row) {
    return samples.containsKey(row);
  }

  /** The numbers of the rounds; 0 is the warm-up. */
  List<Integer> rounds() {
    return IntStream.rangeClosed(options.firstRound(), options.rounds()).boxed().toList();
  }

  /** Measures the rows that are asked for, in each round one after the other. */
  void byTurns(Measurement... measurements) {
    for (var round : rounds()) {
      for (var measurement : measurements) {
        if (options.wants(measurement.row())) {
          record(measurement.row(), round, measurement.inRound().apply(round));
        }
      }
    }
  }

  /** Keeps a measurement, but for round 0, which is the warm-up. */
  void record(String row, int round, Sample sample) {
    if (round == 0) {
      say("warm-up", sample, row);
      return;
    }
    samples.computeIfAbsent(row, none -> new ArrayList<>()).add(sample);
    say("round " + round, sample, row);
  }

  /** Says what was made before the first round. */
  void built(String row, Sample sample) {
    say("built", sample, row);
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

  /** A KurrentDB with so many loan events. */
  BenchNode node(long events) {
    return node(events, 0);
  }

  /** A KurrentDB with so many loan events in so many years. */
  BenchNode node(long events, int years) {
    var nodes = new ArrayList<BenchNode>();
    var loaded =
        Sample.timed(
            () -> {
              nodes.add(BenchNode.start(options, events, years));
              return events;
            });
    say("loaded", loaded, "KurrentDB");
    return nodes.get(0);
  }

  /** A directory that no other was at: Delta remembers the tables of a path. */
  WorkDirectory directory() {
    return WorkDirectory.in(options.directory());
  }

  /** Takes the time, and the processor time here and at the node, of work on some events. */
  Sample measure(BenchNode node, LongSupplier work) {
    var serverBefore = node.cpu();
    var before = cpu();
    var sample = Sample.timed(work);
    var after = cpu();
    return sample
        .with("cpu_seconds", after.minus(before).toMillis() / 1000.0)
        .with("server_cpu_seconds", node.cpu().minus(serverBefore).toMillis() / 1000.0);
  }

  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Measures a run of Bronze. */
  Sample ingest(BenchNode node, Lakehouse lakehouse) {
    return measure(
        node, () -> Loans.of(spark, lakehouse).ingest(node.address().kurrentdb()).rowsOut());
  }

  /** Copies the rows of a table that meet a condition into another lakehouse. */
  void copy(Lakehouse from, Lakehouse to, TableDeclaration table, String condition) {
    var columns =
        Sql.list(
            table.columns().stream()
                .filter(column -> column.generatedAs().isEmpty())
                .map(Column::name)
                .toList());
    spark.sql(
        "INSERT INTO %s (%s) SELECT %s FROM %s WHERE %s"
            .formatted(
                to.ensure(spark, table).sqlName(),
                columns,
                columns,
                from.table(table).sqlName(),
                condition));
  }
}
