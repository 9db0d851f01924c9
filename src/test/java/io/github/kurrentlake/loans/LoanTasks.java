package io.github.kurrentlake.loans;

import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.table.Lakehouse;
import org.apache.spark.sql.SparkSession;

/** Runs the tasks after Bronze one after the other, as a notebook would. */
final class LoanTasks {
  private LoanTasks() {}

  static JobReport silverAndGold(SparkSession spark, Lakehouse lakehouse) {
    SilverLoanRequested.project(spark, lakehouse);
    SilverCreditChecked.project(spark, lakehouse);
    SilverLoanAutoDecisioned.project(spark, lakehouse);
    SilverLoanManualDecisioned.project(spark, lakehouse);
    SilverAutomatedSummary.project(spark, lakehouse);
    return GoldLoanLifecycle.rebuild(spark, lakehouse);
  }
}
