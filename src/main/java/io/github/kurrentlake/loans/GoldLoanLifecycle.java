package io.github.kurrentlake.loans;

import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.gold.GoldJob;
import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.table.Lakehouse;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The task {@code gold_loan_lifecycle}: one row per loan with its state now, and its history. */
public final class GoldLoanLifecycle extends GoldJob {

  public GoldLoanLifecycle() {
    super(LoanLifecycle.LIFECYCLE);
  }

  /** The Silver tables that the loans are made of. */
  public static List<Projection> projections() {
    return LoanLifecycle.PROJECTIONS;
  }

  /** Brings the tables up to date; for notebooks. */
  public static JobReport refresh(SparkSession spark, Lakehouse lakehouse) {
    return Gold.refresh(spark, lakehouse, LoanLifecycle.LIFECYCLE, Progress.unwatched());
  }

  /** Makes the tables anew; for notebooks. */
  public static JobReport rebuild(SparkSession spark, Lakehouse lakehouse) {
    return Gold.rebuild(spark, lakehouse, LoanLifecycle.LIFECYCLE, Progress.unwatched());
  }

  /** {@code gold.loan_lifecycle} as it was at a position of the log; for notebooks. */
  public static Dataset<Row> asOf(SparkSession spark, Lakehouse lakehouse, long position) {
    var lifecycle = LoanLifecycle.LIFECYCLE;
    return Gold.asOf(spark, lakehouse, lifecycle, lifecycle.table(), position);
  }

  public static void main(String[] arguments) {
    JobMain.run(new GoldLoanLifecycle(), arguments);
  }
}
