package io.github.kurrentlake.bench;

import io.github.kurrentlake.bronze.BronzeTables;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataType;

/**
 * A Silver notebook of the guide in Java: the change data feed of Bronze from its first version,
 * one plain {@code from_json}, an append. What does not fit its type is null without a word.
 *
 * @param table the Silver table
 * @param eventTypes the events it takes
 * @param payload the payload's schema
 * @param columns the table's columns, in SQL
 */
record GuideSilver(String table, List<String> eventTypes, String payload, List<String> columns) {

  /** The five notebooks. */
  static final List<GuideSilver> NOTEBOOKS =
      List.of(
          new GuideSilver(
              "loan_requested",
              List.of("LoanRequested"),
              "LoanRequestID STRING, Amount INT, NationalID STRING, Name STRING, Gender STRING,"
                  + " Age INT, MaritalStatus STRING, Dependents INT, LevelOfEducation STRING,"
                  + " EmployerName STRING, JobTitle STRING, JobSeniority FLOAT, Income INT,"
                  + " Address STRUCT<Street: STRING, City: STRING, Region: STRING,"
                  + " Country: STRING, PostalCode: STRING>, LoanRequestedTimestamp STRING,"
                  + " LoanProductID INT",
              List.of(
                  "stream",
                  "p.LoanRequestID AS loan_request_id",
                  "p.Amount AS amount",
                  "p.NationalID AS national_id",
                  "p.Name AS name",
                  "p.Gender AS gender",
                  "p.Age AS age",
                  "p.MaritalStatus AS marital_status",
                  "p.Dependents AS dependents",
                  "p.LevelOfEducation AS level_of_education",
                  "p.EmployerName AS employer_name",
                  "p.JobTitle AS job_title",
                  "p.JobSeniority AS job_seniority",
                  "p.Income AS income",
                  "p.Address.Street AS address_street",
                  "p.Address.City AS address_city",
                  "p.Address.Region AS address_region",
                  "p.Address.Country AS address_country",
                  "p.Address.PostalCode AS address_postal_code",
                  "try_to_timestamp(p.LoanRequestedTimestamp) AS loan_requested_timestamp",
                  "p.LoanProductID AS loan_product_id",
                  "log_position")),
          new GuideSilver(
              "credit_checked",
              List.of("CreditChecked"),
              "Score INT, CreditCheckedTimestamp STRING",
              List.of(
                  "stream",
                  "p.Score AS score",
                  "try_to_timestamp(p.CreditCheckedTimestamp) AS credit_checked_timestamp",
                  "log_position")),
          new GuideSilver(
              "loan_auto_decisioned",
              List.of("LoanAutomaticallyApproved", "LoanAutomaticallyDenied", "LoanApprovalNeeded"),
              "LoanAutomatedDecisionTimestamp STRING",
              List.of(
                  "stream",
                  "schema_name",
                  "try_to_timestamp(p.LoanAutomatedDecisionTimestamp)"
                      + " AS loan_automated_decision_timestamp",
                  "log_position")),
          new GuideSilver(
              "loan_manual_decisioned",
              List.of("LoanManuallyApproved", "LoanManuallyDenied"),
              "ApproverName STRING, LoanManualDecisionTimestamp STRING",
              List.of(
                  "stream",
                  "schema_name",
                  "p.ApproverName AS approver_name",
                  "try_to_timestamp(p.LoanManualDecisionTimestamp)"
                      + " AS loan_manual_decision_timestamp",
                  "log_position")),
          new GuideSilver(
              "automated_summary",
              List.of("AutomatedSummary"),
              "CreditScoreSummary STRING, IncomeAndEmploymentSummary STRING,"
                  + " LoanToIncomeSummary STRING, MaritalStatusAndDependentsSummary STRING,"
                  + " RecommendedFurtherInvestigation STRING, SummarizedBy STRING,"
                  + " SummarizedAt STRING",
              List.of(
                  "stream",
                  "p.CreditScoreSummary AS credit_score_summary",
                  "p.IncomeAndEmploymentSummary AS income_and_employment_summary",
                  "p.LoanToIncomeSummary AS loan_to_income_summary",
                  "p.MaritalStatusAndDependentsSummary AS marital_status_and_dependents_summary",
                  "p.RecommendedFurtherInvestigation AS recommended_further_investigation",
                  "p.SummarizedBy AS summarized_by",
                  "try_to_timestamp(p.SummarizedAt) AS summarized_at",
                  "log_position")));

  /** The Silver table's directory. */
  String silver(Path lakehouse) {
    return lakehouse.resolve("silver").resolve(table).toString();
  }

  /** Runs the notebook over all of Bronze. */
  void run(SparkSession spark, Path lakehouse) {
    var bronze =
        lakehouse.resolve(BronzeTables.EVENTS.schema()).resolve(BronzeTables.EVENTS.name());
    try {
      spark
          .readStream()
          .format("delta")
          .option("readChangeFeed", "true")
          .option("startingVersion", "0")
          .load(bronze.toString())
          .filter(functions.col("schema_name").isInCollection(eventTypes))
          .withColumn(
              "p", functions.from_json(functions.col("data"), DataType.fromDDL(payload), Map.of()))
          .selectExpr(columns.toArray(String[]::new))
          .writeStream()
          .format("delta")
          .outputMode("append")
          .option("checkpointLocation", lakehouse.resolve("checkpoints").resolve(table).toString())
          .trigger(Trigger.AvailableNow())
          .start(silver(lakehouse))
          .awaitTermination();
    } catch (StreamingQueryException e) {
      throw new IllegalStateException("the notebook of " + table + " failed", e);
    }
  }
}
