package io.github.kurrentlake.maintain;

import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.maintain.Maintained.Action;
import io.github.kurrentlake.table.Conflicts;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.table.TableSession;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * Puts the files of tables together and removes those that no version within a table's retention
 * needs. A table is left alone until it has so many commits that it is worth it, and where
 * Databricks' predictive optimization does the same; its files are not removed while a task still
 * has to read what they hold.
 *
 * <p>It changes no row, can be stopped at any line, and may run beside the tasks: of two commits
 * that meet, one is tried again.
 */
public final class Maintenance {
  private final SparkSession spark;
  private final Lakehouse lakehouse;
  private final long afterCommits;
  private final Readers readers;
  private final MaintenanceTable maintenance;

  private Maintenance(
      SparkSession spark, Lakehouse lakehouse, Lifecycle lifecycle, long afterCommits) {
    this.spark = spark;
    this.lakehouse = lakehouse;
    this.afterCommits = afterCommits;
    this.readers = new Readers(spark, lakehouse, lifecycle);
    this.maintenance = new MaintenanceTable(spark, lakehouse);
  }

  /**
   * Maintains tables, and notes in {@code ops.maintenance} what was done.
   *
   * @param tables in this order; those that do not exist are passed over
   * @param lifecycle whose tasks read them
   * @param afterCommits how many commits a table has before anything is done
   * @return a line for each table that exists
   */
  public static List<Maintained> run(
      SparkSession caller,
      Lakehouse lakehouse,
      List<TableDeclaration> tables,
      Lifecycle lifecycle,
      long afterCommits) {
    return new Maintenance(TableSession.of(caller), lakehouse, lifecycle, afterCommits).run(tables);
  }

  private List<Maintained> run(List<TableDeclaration> tables) {
    var last = maintenance.lastVersions();
    var maintained =
        tables.stream()
            .map(lakehouse::table)
            .filter(table -> table.exists(spark))
            .map(table -> maintain(table, last.getOrDefault(table.name().toString(), 0L)))
            .toList();
    maintenance.write(
        maintained.stream().filter(one -> one.action() != Action.NONE).toList(), Instant.now());
    return maintained;
  }

  private Maintained maintain(Table table, long lastVersion) {
    var version = table.version(spark);
    var before = Layout.of(spark, table);
    if (lakehouse.maintains(spark, table)) {
      return untouched(table, version, before, "predictive optimization does it");
    }
    var commits = version - lastVersion;
    // Fewer than none: the table was made again.
    if (commits >= 0 && commits < afterCommits) {
      return untouched(table, version, before, "commits since the last time: " + commits);
    }
    Conflicts.retried(() -> spark.sql("OPTIMIZE " + table.sqlName()));
    var reader = readers.of(table);
    if (reader.isEmpty()) {
      table.vacuum(spark);
    }
    return new Maintained(
        table.name().toString(),
        table.version(spark),
        before,
        Layout.of(spark, table),
        reader.isPresent() ? Action.OPTIMIZED : Action.OPTIMIZED_AND_VACUUMED,
        reader
            .map(who -> "no file was removed, since older ones are still to be read by " + who)
            .orElse("commits since the last time: " + commits));
  }

  private static Maintained untouched(Table table, long version, Layout layout, String reason) {
    return new Maintained(table.name().toString(), version, layout, layout, Action.NONE, reason);
  }
}
