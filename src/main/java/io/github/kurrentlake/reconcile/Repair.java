package io.github.kurrentlake.reconcile;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import io.github.kurrentlake.bronze.Bronze;
import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.reconcile.Finding.Kind;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.source.PositionRange;
import io.github.kurrentlake.table.TableSession;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Mends what a reconciliation found missing, by the layers' own statements: Bronze gets the events
 * that it does not have, and payloads that it does not have and KurrentDB has; Silver and Gold
 * follow. Nothing that is there is overwritten or removed, so what is doubled or altered stays and
 * is named. It can be stopped at any line and repeated.
 */
public final class Repair {
  /** Of the log; events without a payload that lie as near are asked for together. */
  private static final long NEIGHBOURHOOD = 16L << 20;

  private Repair() {}

  /**
   * Compares all layers, mends, and compares again.
   *
   * @return how the layers are after it
   */
  public static Reconciliation run(
      SparkSession caller, ReconcileOptions options, Progress progress) {
    var before = Reconciliation.run(caller, options);
    var spark = TableSession.of(caller);
    var lakehouse = options.bronze().lakehouse();
    var ranges = merged(Stream.concat(missing(before), empty(spark, options)).toList());
    var read = Bronze.readAgain(spark, options.bronze(), ranges, progress);
    if (before.isClean() && read.equals(JobReport.nothingNew())) {
      return before;
    }
    var lacking = tables(before, Set.of(Kind.MISSING));
    for (var projection : options.lifecycle().projections()) {
      if (lacking.contains(projection.table().qualifiedName().toString())) {
        Silver.forget(spark, lakehouse, projection);
      }
      Silver.project(spark, lakehouse, projection, options.zone(), progress);
    }
    var differing = tables(before, Set.of(Kind.values()));
    if (options.lifecycle().tables().stream()
        .anyMatch(gold -> differing.contains(gold.table().qualifiedName().toString()))) {
      Gold.rebuild(spark, lakehouse, options.lifecycle(), progress);
    } else {
      Gold.refresh(spark, lakehouse, options.lifecycle(), progress);
    }
    return Reconciliation.run(caller, options);
  }

  private static Set<String> tables(Reconciliation reconciliation, Set<Kind> kinds) {
    return reconciliation.comparisons().stream()
        .filter(
            comparison ->
                comparison.findings().stream().anyMatch(finding -> kinds.contains(finding.kind())))
        .map(Comparison::table)
        .collect(Collectors.toSet());
  }

  private static Stream<PositionRange> missing(Reconciliation reconciliation) {
    return reconciliation.comparisons().get(0).findings().stream()
        .filter(finding -> finding.kind() == Kind.MISSING)
        .map(finding -> new PositionRange(finding.first() - 1, finding.last(), finding.events()));
  }

  /** Where Bronze holds events without a payload. */
  private static Stream<PositionRange> empty(SparkSession spark, ReconcileOptions options) {
    return options
        .bronze()
        .lakehouse()
        .table(BronzeTables.EVENTS)
        .read(spark)
        .filter(col("category").equalTo(options.bronze().category()))
        .filter("coalesce(data, '') IN ('', '{}') AND coalesce(metadata, '') IN ('', '{}')")
        .groupBy(expr("log_position div " + NEIGHBOURHOOD))
        .agg(expr("min(log_position)"), expr("max(log_position)"), expr("count(*)"))
        .collectAsList()
        .stream()
        .map(row -> new PositionRange(row.getLong(1) - 1, row.getLong(2), row.getLong(3)));
  }

  /** The same without overlaps, in order. */
  private static List<PositionRange> merged(List<PositionRange> ranges) {
    var merged = new ArrayList<PositionRange>();
    for (var range : ranges.stream().sorted(Comparator.comparing(PositionRange::above)).toList()) {
      var last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last != null && range.above() <= last.through()) {
        merged.set(
            merged.size() - 1,
            new PositionRange(
                last.above(),
                Math.max(last.through(), range.through()),
                last.events() + range.events()));
      } else {
        merged.add(range);
      }
    }
    return merged;
  }
}
