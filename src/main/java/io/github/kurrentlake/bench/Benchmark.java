package io.github.kurrentlake.bench;

import java.io.PrintStream;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * Measures Bronze, the floors below it, Silver, Gold, Lakebase, and the guide's cells in one run:
 * after a warm-up, rounds of everything by turns, so that a machine that slows down slows all of
 * them. KurrentDB runs in a JVM of its own, whose processor time is told apart; all rows share the
 * machine's cores with it.
 */
public final class Benchmark {
  private Benchmark() {}

  /**
   * Runs the benchmark.
   *
   * @param progress gets a line for each measurement
   */
  public static List<BenchRow> run(SparkSession spark, BenchOptions options, PrintStream progress) {
    var bench = new Bench(spark, options, progress);
    var experiments =
        List.of(
            new BronzeBackfill(bench),
            new SilverBackfill(bench),
            new RowPerLoan(bench),
            new BronzeGrowth(bench),
            new BronzeMemory(bench),
            new BronzeLayouts(bench),
            new GoldRefresh(bench),
            new Reconcile(bench),
            new Replay(bench),
            new Follow(bench),
            new Hours(bench),
            new LakebaseExtract(bench),
            new LakebaseWrite(bench));
    experiments.stream()
        .filter(experiment -> experiment.rows().stream().anyMatch(options::wants))
        .forEach(Experiment::run);
    return bench.rows();
  }
}
