package io.github.kurrentlake.loans;

import static io.github.kurrentlake.payload.Field.decimalNumber;
import static io.github.kurrentlake.payload.Field.integer;
import static io.github.kurrentlake.payload.Field.text;
import static io.github.kurrentlake.payload.Field.timestamp;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.payload.Field;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.silver.SilverJob;
import io.github.kurrentlake.table.Lakehouse;
import org.apache.spark.sql.SparkSession;

/** The task {@code silver_loan_requested}: what applicants asked for. */
public final class SilverLoanRequested extends SilverJob {
  static final Projection PROJECTION =
      Projection.of("loan_requested", "One row per LoanRequested event", "LoanRequested")
          .fields(
              text("loan_request_id", "LoanRequestID", "Id of the request, a UUID")
                  .or("LoanRequestId")
                  .orFromStream()
                  .required(),
              integer("amount", "Amount", "Amount asked for").required().nullIfBad(),
              text("national_id", "NationalID", "National id of the applicant").or("NationalId"),
              text("name", "Name", "Name of the applicant").or("User"),
              text("gender", "Gender", "Gender as the producer writes it"),
              integer("age", "Age", "Age in years").nullIfBad(),
              text("marital_status", "MaritalStatus", "Marital status as the producer writes it"),
              integer("dependents", "Dependents", "Number of dependents").nullIfBad(),
              text("level_of_education", "LevelOfEducation", "Level of education")
                  .or("EducationLevel"),
              text("employer_name", "EmployerName", "Name of the employer"),
              text("job_title", "JobTitle", "Job title"),
              decimalNumber("job_seniority", "JobSeniority", "Years in the job").nullIfBad(),
              integer("income", "Income", "Income per year").nullIfBad(),
              address("address_street", "Street", "Street and number").or("RequestorAddress"),
              address("address_city", "City", "City").or("RequestorCity"),
              address("address_region", "Region", "Region or state").or("RequestorRegion"),
              address("address_country", "Country", "Country").or("RequestorCountry"),
              address("address_postal_code", "PostalCode", "Postal code").or("RequestorPostalCode"),
              timestamp("loan_requested_timestamp", "LoanRequestedTimestamp", "When it was asked")
                  .nullIfBad(),
              integer("loan_product_id", "LoanProductID", "Loan product; only newer producers")
                  .nullIfBad());

  /** An address that is no object is no reason to do without the request. */
  private static Field address(String name, String key, String comment) {
    return text(name, "Address." + key, comment).nullIfBad();
  }

  public SilverLoanRequested() {
    super(PROJECTION);
  }

  /** Projects what is new in Bronze; for notebooks. */
  public static JobReport project(SparkSession spark, Lakehouse lakehouse) {
    return Silver.project(spark, lakehouse, PROJECTION, Progress.unwatched());
  }

  public static void main(String[] arguments) {
    JobMain.run(new SilverLoanRequested(), arguments);
  }
}
