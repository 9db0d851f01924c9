package io.github.kurrentlake.reconcile;

import static org.apache.spark.sql.functions.expr;

import io.github.kurrentlake.bronze.Bronze;
import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.reconcile.ReconcileOptions.Payloads;
import io.github.kurrentlake.reconcile.ReconciliationTable.Judged;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.source.EventLog;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.table.TableSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Whether anything is missing, doubled or altered on the way from KurrentDB to Gold. Each table is
 * compared with the layer before it, the verdicts are written to {@code ops.reconciliation}, and
 * the next run compares only what has changed since the last clean verdict on a table.
 *
 * <p>It can be stopped at any line, and run while the tasks write: what a task has not come to yet
 * is counted as waiting.
 *
 * @param through the position that was compared up to
 * @param comparisons a table each, in the order of the layers
 */
public record Reconciliation(long through, List<Comparison> comparisons) {
  private static final long QUESTION_MEMORY = 64L << 20;
  private static final long BEFORE_THE_LOG = -1;

  public Reconciliation {
    comparisons = List.copyOf(comparisons);
  }

  /** Whether nothing is wrong. */
  public boolean isClean() {
    return comparisons.stream().allMatch(Comparison::isClean);
  }

  /** What a person should know although nothing is wrong, for a task's last line. */
  public List<String> notes() {
    return comparisons.stream()
        .flatMap(
            comparison ->
                Stream.concat(
                    comparison.findings().stream()
                        .map(finding -> comparison.table() + ": " + finding),
                    comparison.waiting() > 0
                        ? Stream.of(comparison.table() + ": its task has not come to all yet")
                        : Stream.of()))
        .toList();
  }

  /**
   * Compares all layers.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-201 to KL-207 for KurrentDB, KL-216
   *     when its index is behind Bronze, KL-305 when a table does not exist
   */
  public static Reconciliation run(SparkSession caller, ReconcileOptions options) {
    return new Run(TableSession.of(caller), options).compare();
  }

  /** One run. */
  private static final class Run {
    private final SparkSession spark;
    private final ReconcileOptions options;
    private final Lakehouse lakehouse;
    private final Table bronze;
    private final Table quarantine;
    private final ReconciliationTable verdicts;
    private final List<Judged> judged = new ArrayList<>();
    private final long through;
    private final Commits now;

    Run(SparkSession spark, ReconcileOptions options) {
      this.spark = spark;
      this.options = options;
      this.lakehouse = options.bronze().lakehouse();
      this.bronze = lakehouse.table(BronzeTables.EVENTS).existing(spark);
      this.quarantine = lakehouse.ensure(spark, QuarantineTable.DECLARATION);
      this.verdicts = new ReconciliationTable(spark, lakehouse);
      // Before anything is compared: what changes meanwhile is the next run's.
      this.now = Commits.now(spark, tables());
      this.through = Bronze.reached(spark, options.bronze());
    }

    private List<Table> tables() {
      return Stream.of(
              Stream.of(BronzeTables.EVENTS, QuarantineTable.DECLARATION),
              options.lifecycle().projections().stream().map(projection -> projection.table()),
              options.lifecycle().tables().stream().map(table -> table.table()))
          .flatMap(declarations -> declarations)
          .map(declaration -> lakehouse.table(declaration).existing(spark))
          .toList();
    }

    Reconciliation compare() {
      bronze();
      options
          .lifecycle()
          .projections()
          .forEach(
              projection -> {
                var silver = lakehouse.table(projection.table());
                var compared = List.of(bronze, silver, quarantine);
                var above = firstChange(silver, compared);
                judge(
                    new SilverComparison(spark, bronze, silver, quarantine, projection)
                        .compare(
                            above, through, Silver.reached(spark, lakehouse, projection), options),
                    compared);
              });
      options.lifecycle().tables().forEach(table -> gold(table.table()));
      verdicts.write(UUID.randomUUID().toString(), Instant.now(), judged);
      return new Reconciliation(through, judged.stream().map(Judged::comparison).toList());
    }

    private void bronze() {
      var bronzeOptions = options.bronze();
      try (var connection = bronzeOptions.kurrentdb().connect(QUESTION_MEMORY)) {
        new EventLog(connection, bronzeOptions.category()).ofEverything().requireReached(through);
      }
      var compared = List.of(bronze);
      var above = firstChange(bronze, compared);
      var comparison = new BronzeComparison(spark, bronzeOptions, bronze).compare(above, through);
      if (options.payloads() != Payloads.NONE) {
        comparison =
            comparison.and(
                new PayloadComparison(spark, bronzeOptions, bronze)
                    .differences(above, through, options.payloads()));
      }
      judge(comparison, compared);
    }

    private void gold(TableDeclaration declaration) {
      var table = lakehouse.table(declaration);
      var compared = of(declaration);
      var clean = clean(table);
      Optional<Dataset<Row>> changed =
          clean.flatMap(before -> now.changesSince(spark, compared, before.commits()));
      var above = changed.isPresent() ? clean.orElseThrow().through() : BEFORE_THE_LOG;
      var written = table.lastChange(spark);
      var isBehind = Gold.isBehind(spark, lakehouse, options.lifecycle(), written);
      var comparison =
          new GoldComparison(spark, lakehouse, options.lifecycle(), declaration)
              .compare(written, above, through, changed, isBehind ? 1 : 0);
      judged.add(
          new Judged(comparison, isBehind ? Optional.empty() : Optional.of(now.of(compared))));
    }

    /** What a Gold table is made of, and it. */
    private List<Table> of(TableDeclaration gold) {
      return Stream.of(
              Stream.of(BronzeTables.EVENTS, QuarantineTable.DECLARATION, gold),
              options.lifecycle().projections().stream().map(projection -> projection.table()))
          .flatMap(declarations -> declarations)
          .map(lakehouse::table)
          .toList();
    }

    private void judge(Comparison comparison, List<Table> compared) {
      judged.add(new Judged(comparison, Optional.of(now.of(compared))));
    }

    private Optional<ReconciliationTable.Clean> clean(Table table) {
      return switch (options.extent()) {
        case FULL -> Optional.empty();
        case CHANGED -> verdicts.lastClean(table.name().toString());
      };
    }

    /** The position before the first event that changed since the last clean verdict. */
    private long firstChange(Table table, List<Table> compared) {
      var clean = clean(table);
      if (clean.isEmpty()) {
        return BEFORE_THE_LOG;
      }
      var changes = now.changesSince(spark, compared, clean.get().commits());
      if (changes.isEmpty()) {
        return BEFORE_THE_LOG;
      }
      var first = changes.get().agg(expr("min(log_position)")).head();
      var from = first.isNullAt(0) ? Long.MAX_VALUE : first.getLong(0) - 1;
      // New events need not have changed the table: they may be what is missing.
      return Math.min(from, Math.min(clean.get().through(), through));
    }
  }
}
