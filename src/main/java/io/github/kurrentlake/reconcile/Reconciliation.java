package io.github.kurrentlake.reconcile;

import static org.apache.spark.sql.functions.expr;

import io.github.kurrentlake.bronze.Bronze;
import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.reconcile.ReconciliationTable.Clean;
import io.github.kurrentlake.reconcile.ReconciliationTable.Judged;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.source.EventLog;
import io.github.kurrentlake.table.ErrorCondition;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.SideBySide;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.table.TableSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
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

  /** One run. The tables are compared side by side, each in a session of its own. */
  private static final class Run {
    private final SparkSession spark;
    private final ReconcileOptions options;
    private final Lakehouse lakehouse;
    private final ReconciliationTable verdicts;
    private final List<Table> tables;
    private final long through;
    private final Commits now;

    Run(SparkSession spark, ReconcileOptions options) {
      this.spark = spark;
      this.options = options;
      this.lakehouse = options.bronze().lakehouse();
      this.tables = tables(options.lifecycle().tables().stream().map(gold -> gold.table()));
      this.verdicts = new ReconciliationTable(spark, lakehouse);
      // Before anything is compared: what changes meanwhile is the next run's.
      this.now = Commits.now(spark, tables);
      this.through = Bronze.reached(spark, options.bronze());
    }

    /** Bronze, quarantine, Silver, and some tables of Gold. */
    private List<Table> tables(Stream<TableDeclaration> gold) {
      return Stream.concat(options.lifecycle().sources().stream(), gold)
          .map(declaration -> lakehouse.table(declaration).existing(spark))
          .toList();
    }

    Reconciliation compare() {
      var work = new ArrayList<Supplier<Judged>>();
      work.add(this::bronze);
      options.lifecycle().projections().forEach(projection -> work.add(() -> silver(projection)));
      options.lifecycle().tables().forEach(table -> work.add(() -> gold(table.table())));
      var judged = SideBySide.each(work, Supplier::get);
      verdicts.write(UUID.randomUUID().toString(), Instant.now(), judged);
      return new Reconciliation(through, judged.stream().map(Judged::comparison).toList());
    }

    private Judged bronze() {
      var bronze = lakehouse.table(BronzeTables.EVENTS);
      return judge(
          bronze,
          List.of(bronze),
          above -> {
            var session = TableSession.of(spark);
            requireReached();
            return new BronzeComparison(session, options.bronze(), bronze)
                .compare(above, through)
                .and(
                    new PayloadComparison(session, options.bronze(), bronze)
                        .differences(above, through, options.payloads()));
          });
    }

    private void requireReached() {
      var bronze = options.bronze();
      try (var connection = bronze.kurrentdb().connect(QUESTION_MEMORY)) {
        new EventLog(connection, bronze.category()).ofEverything().requireReached(through);
      }
    }

    private Judged silver(Projection projection) {
      var bronze = lakehouse.table(BronzeTables.EVENTS);
      var silver = lakehouse.table(projection.table());
      var quarantine = lakehouse.table(QuarantineTable.DECLARATION);
      return judge(
          silver,
          List.of(bronze, silver, quarantine),
          above ->
              new SilverComparison(TableSession.of(spark), bronze, silver, quarantine, projection)
                  .compare(above, through, Silver.reached(spark, lakehouse, projection), options));
    }

    /** Compares a table from its first change on, unless nothing has changed. */
    private Judged judge(Table table, List<Table> compared, LongFunction<Comparison> compare) {
      var clean = clean(table);
      var above = clean.map(before -> firstChange(compared, before)).orElse(BEFORE_THE_LOG);
      var comparison =
          above < through ? compare.apply(above) : Comparison.unchanged(table, through);
      return new Judged(comparison, Optional.of(now.of(compared)));
    }

    private Judged gold(TableDeclaration declaration) {
      var table = lakehouse.table(declaration);
      var compared = tables(Stream.of(declaration));
      var clean = clean(table);
      if (clean.filter(before -> before.commits().equals(now.of(compared))).isPresent()) {
        return new Judged(Comparison.unchanged(table, through), Optional.of(now.of(compared)));
      }
      var session = TableSession.of(spark);
      var changed = clean.flatMap(before -> now.changesSince(session, compared, before.commits()));
      var above = changed.isPresent() ? clean.orElseThrow().through() : BEFORE_THE_LOG;
      var written = Gold.written(session, table);
      var isBehind = Gold.isBehind(session, lakehouse, options.lifecycle(), written);
      var gold = new GoldComparison(session, lakehouse, options.lifecycle(), declaration);
      var waiting = isBehind ? 1 : 0;
      Comparison comparison;
      try {
        comparison = gold.compare(written, above, through, changed, waiting);
      } catch (Exception e) {
        requireLostChanges(e);
        comparison = gold.compare(written, BEFORE_THE_LOG, through, Optional.empty(), waiting);
      }
      return new Judged(comparison, isBehind ? Optional.empty() : Optional.of(now.of(compared)));
    }

    private Optional<Clean> clean(Table table) {
      return switch (options.extent()) {
        case FULL -> Optional.empty();
        case CHANGED -> verdicts.lastClean(table.name().toString());
      };
    }

    /** The position before the first event that changed since a clean verdict. */
    private long firstChange(List<Table> compared, Clean clean) {
      // New events need not have changed a table: they may be what is missing.
      var end = Math.min(clean.through(), through);
      if (clean.commits().equals(now.of(compared))) {
        return end;
      }
      var changes = now.changesSince(spark, compared, clean.commits());
      if (changes.isEmpty()) {
        return BEFORE_THE_LOG;
      }
      try {
        var first = changes.get().agg(expr("min(log_position)")).head();
        return first.isNullAt(0) ? end : Math.min(first.getLong(0) - 1, end);
      } catch (Exception e) {
        requireLostChanges(e);
        return BEFORE_THE_LOG;
      }
    }

    /** VACUUM may have removed what changed since the last verdict: then all is compared. */
    private static void requireLostChanges(Exception e) {
      if (ErrorCondition.CHANGES_LOST.in(e).isEmpty()) {
        throw e instanceof RuntimeException thrown ? thrown : new IllegalStateException(e);
      }
    }
  }
}
