package io.github.kurrentlake.silver;

import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.table.Conflicts;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.TableSession;
import java.time.ZoneId;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Tries open quarantined events again with a projection's current declaration. First the rows that
 * can be read now land in Silver, then their state follows what Silver holds; so a redrive that is
 * killed at any line is finished by the next, and one that is repeated changes nothing.
 */
public final class Redrive {
  private final SparkSession spark;
  private final ProjectionWriter writer;

  Redrive(SparkSession spark, ProjectionWriter writer) {
    this.spark = spark;
    this.writer = writer;
  }

  /**
   * Tries all open events of a projection.
   *
   * @return events tried, and rows that are new in Silver; the others stay open with the errors of
   *     this attempt
   */
  public static JobReport all(
      SparkSession caller, Lakehouse lakehouse, Projection projection, ZoneId zone) {
    var spark = TableSession.of(caller);
    var writer = ProjectionWriter.open(spark, lakehouse, projection, zone, Progress.unwatched());
    return new Redrive(spark, writer).run(() -> writer.open(spark));
  }

  /** Tries the open events that another declaration than this one refused. */
  JobReport refusedByOthers() {
    if (!writer.hadQuarantined(spark)) {
      return JobReport.nothingNew();
    }
    return run(() -> writer.openAndRefusedByOthers(spark));
  }

  private JobReport run(Supplier<Dataset<Row>> candidates) {
    return Conflicts.retried(() -> writer.attempt(candidates.get()));
  }
}
