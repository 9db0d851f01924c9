package io.github.kurrentlake.loans;

import static io.github.kurrentlake.payload.Field.text;
import static io.github.kurrentlake.payload.Field.timestamp;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.silver.SilverJob;
import io.github.kurrentlake.table.Lakehouse;
import org.apache.spark.sql.SparkSession;

/** The task {@code silver_loan_manual_decisioned}: what an approver decided. */
public final class SilverLoanManualDecisioned extends SilverJob {
  static final Projection PROJECTION =
      Projection.of(
              "loan_manual_decisioned",
              "One row per manual decision; schema_name says which",
              "LoanManuallyApproved",
              "LoanManuallyDenied")
          .fields(
              text("approver_name", "ApproverName", "Who decided"),
              timestamp(
                      "loan_manual_decision_timestamp",
                      "LoanManualDecisionTimestamp",
                      "When it was decided")
                  .nullIfBad());

  public SilverLoanManualDecisioned() {
    super(PROJECTION);
  }

  /** Projects what is new in Bronze; for notebooks. */
  public static JobReport project(SparkSession spark, Lakehouse lakehouse) {
    return Silver.project(spark, lakehouse, PROJECTION, Progress.unwatched());
  }

  public static void main(String[] arguments) {
    JobMain.run(new SilverLoanManualDecisioned(), arguments);
  }
}
