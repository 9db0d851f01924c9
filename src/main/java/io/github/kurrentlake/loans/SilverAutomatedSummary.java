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

/** The task {@code silver_automated_summary}: what a language model summed up. */
public final class SilverAutomatedSummary extends SilverJob {
  static final Projection PROJECTION =
      Projection.of("automated_summary", "One row per AutomatedSummary event", "AutomatedSummary")
          .fields(
              text("credit_score_summary", "CreditScoreSummary", "About the score"),
              text(
                  "income_and_employment_summary",
                  "IncomeAndEmploymentSummary",
                  "About income and employment"),
              text("loan_to_income_summary", "LoanToIncomeSummary", "About loan against income"),
              text(
                      "marital_status_and_dependents_summary",
                      "MaritalStatusAndDependentsSummary",
                      "About marital status and dependents")
                  .or("MaritalStatusSummary"),
              text(
                  "recommended_further_investigation",
                  "RecommendedFurtherInvestigation",
                  "What the approver should look into"),
              text("summarized_by", "SummarizedBy", "The model"),
              timestamp("summarized_at", "SummarizedAt", "When it was summed up").nullIfBad());

  public SilverAutomatedSummary() {
    super(PROJECTION);
  }

  /** Projects what is new in Bronze; for notebooks. */
  public static JobReport project(SparkSession spark, Lakehouse lakehouse) {
    return Silver.project(spark, lakehouse, PROJECTION, Progress.unwatched());
  }

  public static void main(String[] arguments) {
    JobMain.run(new SilverAutomatedSummary(), arguments);
  }
}
