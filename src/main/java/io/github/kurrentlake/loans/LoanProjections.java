package io.github.kurrentlake.loans;

import static io.github.kurrentlake.payload.Field.decimalNumber;
import static io.github.kurrentlake.payload.Field.integer;
import static io.github.kurrentlake.payload.Field.text;
import static io.github.kurrentlake.payload.Field.timestamp;

import io.github.kurrentlake.payload.Field;
import io.github.kurrentlake.silver.Projection;
import java.util.List;

/** What Silver takes of the loans' events. */
final class LoanProjections {
  static final Projection LOAN_REQUESTED =
      Projection.of("loan_requested", "One row per LoanRequested event", "LoanRequested")
          .fields(
              text("loan_request_id", "LoanRequestID", "Id of the request, a UUID")
                  .or("LoanRequestId")
                  .orFromStream()
                  .required()
                  .personal(),
              integer("amount", "Amount", "Amount asked for").required().nullIfBad(),
              text("national_id", "NationalID", "National id of the applicant")
                  .or("NationalId")
                  .personal(),
              text("name", "Name", "Name of the applicant").or("User").personal(),
              text("gender", "Gender", "Gender as the producer writes it").personal(),
              integer("age", "Age", "Age in years").nullIfBad().personal(),
              text("marital_status", "MaritalStatus", "Marital status as the producer writes it")
                  .personal(),
              integer("dependents", "Dependents", "Number of dependents").nullIfBad().personal(),
              text("level_of_education", "LevelOfEducation", "Level of education")
                  .or("EducationLevel")
                  .personal(),
              text("employer_name", "EmployerName", "Name of the employer").personal(),
              text("job_title", "JobTitle", "Job title").personal(),
              decimalNumber("job_seniority", "JobSeniority", "Years in the job")
                  .nullIfBad()
                  .personal(),
              integer("income", "Income", "Income per year").nullIfBad().personal(),
              address("address_street", "Street", "Street and number").or("RequestorAddress"),
              address("address_city", "City", "City").or("RequestorCity"),
              address("address_region", "Region", "Region or state").or("RequestorRegion"),
              address("address_country", "Country", "Country").or("RequestorCountry"),
              address("address_postal_code", "PostalCode", "Postal code").or("RequestorPostalCode"),
              timestamp("loan_requested_timestamp", "LoanRequestedTimestamp", "When it was asked")
                  .nullIfBad(),
              integer("loan_product_id", "LoanProductID", "Loan product; only newer producers")
                  .nullIfBad());

  static final Projection CREDIT_CHECKED =
      Projection.of("credit_checked", "One row per CreditChecked event", "CreditChecked")
          .fields(
              integer("score", "Score", "Credit score, 0 to 10").required().personal(),
              timestamp("credit_checked_timestamp", "CreditCheckedTimestamp", "When it was checked")
                  .nullIfBad());

  static final Projection LOAN_AUTO_DECISIONED =
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

  static final Projection LOAN_MANUAL_DECISIONED =
      Projection.of(
              "loan_manual_decisioned",
              "One row per manual decision; schema_name says which",
              "LoanManuallyApproved",
              "LoanManuallyDenied")
          .fields(
              text("approver_name", "ApproverName", "Who decided").personal(),
              timestamp(
                      "loan_manual_decision_timestamp",
                      "LoanManualDecisionTimestamp",
                      "When it was decided")
                  .nullIfBad());

  static final Projection AUTOMATED_SUMMARY =
      Projection.of("automated_summary", "One row per AutomatedSummary event", "AutomatedSummary")
          .fields(
              text("credit_score_summary", "CreditScoreSummary", "About the score").personal(),
              text(
                      "income_and_employment_summary",
                      "IncomeAndEmploymentSummary",
                      "About income and employment")
                  .personal(),
              text("loan_to_income_summary", "LoanToIncomeSummary", "About loan against income")
                  .personal(),
              text(
                      "marital_status_and_dependents_summary",
                      "MaritalStatusAndDependentsSummary",
                      "About marital status and dependents")
                  .or("MaritalStatusSummary")
                  .personal(),
              text(
                      "recommended_further_investigation",
                      "RecommendedFurtherInvestigation",
                      "What the approver should look into")
                  .personal(),
              text("summarized_by", "SummarizedBy", "The model"),
              timestamp("summarized_at", "SummarizedAt", "When it was summed up").nullIfBad());

  /** In the order in which a loan meets them, which is the order of Gold's columns. */
  static final List<Projection> ALL =
      List.of(
          LOAN_REQUESTED,
          CREDIT_CHECKED,
          LOAN_AUTO_DECISIONED,
          LOAN_MANUAL_DECISIONED,
          AUTOMATED_SUMMARY);

  private LoanProjections() {}

  /** An address that is no object is no reason to do without the request. */
  private static Field address(String name, String key, String comment) {
    return text(name, "Address." + key, comment).nullIfBad().personal();
  }
}
