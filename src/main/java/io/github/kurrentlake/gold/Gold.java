package io.github.kurrentlake.gold;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableSession;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Rebuilds a Gold table from Silver in one commit, so that readers see the former rows or the new
 * ones; see {@link Overwrite} for when there is nothing to do.
 */
public final class Gold {
  private final SparkSession spark;
  private final Lifecycle lifecycle;
  private final Lakehouse lakehouse;

  private Gold(SparkSession spark, Lifecycle lifecycle, Lakehouse lakehouse) {
    this.spark = spark;
    this.lifecycle = lifecycle;
    this.lakehouse = lakehouse;
  }

  /**
   * Rebuilds the table unless it is up to date.
   *
   * @return Silver rows read and Gold rows written; zeros when nothing was new
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-305 when a Silver table is missing
   */
  public static JobReport rebuild(
      SparkSession caller, Lakehouse lakehouse, Lifecycle lifecycle, Progress progress) {
    var report = new Gold(TableSession.of(caller), lifecycle, lakehouse).rebuild();
    progress.reached(report.eventsIn(), report.rowsOut());
    return report;
  }

  private JobReport rebuild() {
    var gold = lakehouse.table(lifecycle.table()).ensure(spark);
    lakehouse.table(QuarantineTable.DECLARATION).ensure(spark);
    var sources = sources().map(table -> table.existing(spark)).toList();
    var select =
        lifecycle.select().fill(Map.of("latest", new LatestPerStream(lakehouse, lifecycle).sql()));
    var overwrite = Overwrite.unlessUpToDate(spark, gold, sources, select);
    if (!overwrite.wasWritten()) {
      return JobReport.nothingNew().notingEmpty(emptyLayers(overwrite));
    }
    var read =
        sources.stream()
            .filter(table -> table.declaration().schema().equals("silver"))
            .mapToLong(table -> table.read(spark).count())
            .sum();
    return new JobReport(read, gold.read(spark).count()).notingEmpty(emptyLayers(overwrite));
  }

  /** Nothing in quarantine is as it should be. */
  private static List<String> emptyLayers(Overwrite overwrite) {
    var quarantine = QuarantineTable.DECLARATION.qualifiedName();
    return overwrite.emptySources().stream().filter(source -> !source.equals(quarantine)).toList();
  }

  private Stream<Table> sources() {
    return Stream.concat(
            Stream.of(BronzeTables.EVENTS, QuarantineTable.DECLARATION),
            lifecycle.projections().stream().map(projection -> projection.table()))
        .map(lakehouse::table);
  }
}
