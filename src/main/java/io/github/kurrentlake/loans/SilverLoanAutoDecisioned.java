package io.github.kurrentlake.loans;

import static io.github.kurrentlake.payload.Field.timestamp;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.silver.SilverJob;
import io.github.kurrentlake.table.Lakehouse;
import org.apache.spark.sql.SparkSession;

/** The task {@code silver_loan_auto_decisioned}: what the rules decided. */
public final class SilverLoanAutoDecisioned extends SilverJob {
  static final Projection PROJECTION =
      Projection.of(
              "loan_auto_decisioned",
              "One row per automated decision; schema_name says which",
              "LoanAutomaticallyApproved",
              "LoanAutomaticallyDenied",
              "LoanApprovalNeeded")
          .fields(
              timestamp(
                  "loan_automated_decision_timestamp",
                  "LoanAutomatedDecisionTimestamp",
                  "When it was decided"));

  public SilverLoanAutoDecisioned() {
    super(PROJECTION);
  }

  /** Projects what is new in Bronze; for notebooks. */
  public static JobReport project(SparkSession spark, Lakehouse lakehouse) {
    return Silver.project(spark, lakehouse, PROJECTION, Progress.unwatched());
  }

  public static void main(String[] arguments) {
    JobMain.run(new SilverLoanAutoDecisioned(), arguments);
  }
}
