package io.github.kurrentlake.loans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.BronzeRows;
import io.github.kurrentlake.testing.SharedSpark;
import io.github.kurrentlake.testing.Trees;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loans that the guide's chain of joins tears apart, repeats or mislabels. */
class LoanLifecycleTest {
  private static final String REQUEST =
      """
      {"LoanRequestID":"a","Amount":10000,"Age":%s,"Name":"Yves","JobSeniority":2.5,\
      "Address":{"City":"Somecity"},"LoanRequestedTimestamp":"2025-01-29 16:45:43.851140"}""";
  private static final String SEEDED =
      "{\"Amount\":\"500\",\"LoanRequestedTimestamp\":1738168933.527328,\"Age\":\"old\"}";
  private static final String SUMMARY = "{\"CreditScoreSummary\":\"fair\"}";
  private static final String DECISION = "{\"LoanRequestID\":\"a\"}";
  private static final String CHECK = "{\"Score\":%d}";

  private static final SparkSession SPARK = SharedSpark.session();
  @TempDir private static Path directory;
  private static Lakehouse lakehouse;

  /** All loans of these tests share one lakehouse; each has a stream of its own. */
  @BeforeAll
  static void runThePipelineOnce() {
    lakehouse = Lakehouse.at(directory.resolve("lakehouse"));
    new BronzeRows()
        .event("loanRequest-summary", "LoanRequested", REQUEST.formatted(35))
        .event("loanRequest-summary", "CreditChecked", CHECK.formatted(5))
        .event("loanRequest-summary", "LoanApprovalNeeded", DECISION)
        .event("loanRequest-summary", "AutomatedSummary", SUMMARY)
        .event("loanRequest-gap", "LoanRequested", REQUEST.formatted(35))
        .event("loanRequest-gap", "LoanAutomaticallyApproved", DECISION)
        .event("loanRequest-early", "CreditChecked", CHECK.formatted(5))
        .event(9000, "loanRequest-twice", "CreditChecked", CHECK.formatted(9))
        .event(8000, "loanRequest-twice", "LoanRequested", REQUEST.formatted(35))
        .event(8500, "loanRequest-twice", "CreditChecked", CHECK.formatted(5))
        .event("loanRequest-decided", "LoanManuallyDenied", "{\"ApproverName\":\"Jane\"}")
        .event("loanRequest-decided", "AutomatedSummary", SUMMARY)
        .event("loanRequest-ageless", "LoanRequested", REQUEST.formatted("null"))
        .event("loanRequest-aged95", "LoanRequested", REQUEST.formatted(95))
        .event("loanRequest-aged94", "LoanRequested", REQUEST.formatted(94))
        .event("loanRequest-unknown", "LoanArchived", "{}")
        .event("customer-b", "CustomerMoved", "{}")
        .event("loanRequest-odd1", "LoanRequested", "not JSON")
        .event("loanRequest-odd2", "LoanRequested", "")
        .event("loanRequest-odd3", "LoanRequested", "{}")
        .event("loanRequest-odd4", "LoanRequested", null)
        .event("loanRequest-half", "LoanRequested", "{\"Amount\":10000.5,\"Name\":\"Ann\"}")
        .event("loanRequest-seeded", "LoanRequested", SEEDED)
        .event("loanRequest-odd6", "LoanRequested", "[1]")
        .event("loanRequest-again", "LoanRequested", REQUEST.formatted(35))
        .event("loanRequest-again", "CreditChecked", CHECK.formatted(5))
        .event("loanRequest-again", "CreditChecked", CHECK.formatted(6))
        .event("loanRequest-again", "LoanAutomaticallyDenied", DECISION)
        .event("loanRequest-again", "LoanRequested", REQUEST.formatted(36))
        .event("loanRequest-late", "LoanAutomaticallyApproved", DECISION)
        .event("loanRequest-late", "LoanRequested", REQUEST.formatted(35))
        .append(SPARK, lakehouse);
    LoanTasks.silverAndGold(SPARK, lakehouse);
  }

  @Test
  void aLoanWithASummaryButNoDecisionIsOneRow() {
    assertThat(loan("summary", "amount", "score", "credit_score_summary", "laststatus"))
        .containsExactly(tuple(10000, 5, "fair", "AutomatedSummary"));
  }

  @Test
  void aLoanWithoutItsMiddleEventIsOneRow() {
    assertThat(loan("gap", "amount", "score", "laststatus"))
        .containsExactly(tuple(10000, null, "LoanAutomaticallyApproved"));
  }

  @Test
  void aLoanWhoseRequestHasNotArrivedIsOneRow() {
    assertThat(loan("early", "loan_request_id", "score", "laststatus"))
        .containsExactly(tuple("early", 5, "CreditChecked"));
  }

  @Test
  void aLoanOfAnotherProducerIsAsCompleteAsAnyOther() {
    assertThat(loan("seeded", "loan_request_id", "amount", "age", "loan_requested_timestamp"))
        .containsExactly(
            tuple(
                "seeded", 500, null, Timestamp.from(Instant.parse("2025-01-29T16:42:13.527328Z"))));
  }

  @Test
  void ofRepeatedEventsTheLatestByPositionCounts() {
    assertThat(loan("twice", "score", "laststatus", "log_position"))
        .containsExactly(tuple(9, "CreditChecked", 9000L));
  }

  @Test
  void aLoanThatIsRequestedAgainAfterItsDecisionIsItsNewestLife() {
    assertThat(loan("again", "age", "score", "laststatus", "incarnation"))
        .containsExactly(tuple(36, null, "LoanRequested", 2L));
    assertThat(loan("late", "age", "laststatus", "incarnation"))
        .containsExactly(tuple(35, "LoanAutomaticallyApproved", 1L));
  }

  @Test
  void theHistoryHasARowForEachPeriodOfOneStatus() {
    assertThat(periods("again", "incarnation", "status", "event_type", "is_current"))
        .containsExactly(
            tuple(1L, "LoanRequested", "LoanRequested", false),
            tuple(1L, "CreditChecked", "CreditChecked", false),
            tuple(1L, "LoanAutomaticallyDenied", "LoanAutomaticallyDenied", false),
            tuple(2L, "LoanRequested", "LoanRequested", true));
    assertThat(periods("summary", "status", "seconds"))
        .containsExactly(
            tuple("LoanRequested", 137.0),
            tuple("CreditChecked", 137.0),
            tuple("LoanApprovalNeeded", 137.0),
            tuple("AutomatedSummary", null));
    assertThat(periods("unknown", "status", "event_type"))
        .containsExactly(tuple("UNKNOWN", "LoanArchived"));
    assertThat(periods("decided", "status")).containsExactly(tuple("LoanManuallyDenied"));
  }

  @Test
  void theHistoryEndsWithTheStatusOfNowForEveryLoan() {
    assertThat(
            history()
                .filter("is_current")
                .join(gold(), "stream")
                .filter("status = laststatus AND valid_to IS NULL")
                .count())
        .isEqualTo(history().filter("is_current").count())
        .isEqualTo(gold().count());
  }

  @Test
  void aDecisionOutranksALaterSummary() {
    assertThat(loan("decided", "approver_name", "laststatus"))
        .containsExactly(tuple("Jane", "LoanManuallyDenied"));
  }

  @Test
  void anUnknownAgeHasNoAgeGroup() {
    assertThat(loan("ageless", "age_binned")).containsExactly(tuple((Object) null));
    assertThat(loan("aged94", "age_binned")).containsExactly(tuple("85 - 94 Years"));
    assertThat(loan("aged95", "age_binned")).containsExactly(tuple("95+ Years"));
  }

  @Test
  void aLoanOfWhichOnlyUnknownEventsAreThereIsARowOfUnknownStatus() {
    assertThat(loan("unknown", "laststatus")).containsExactly(tuple("UNKNOWN"));
    assertThat(rows("stream NOT LIKE 'loanRequest-%'", "stream")).isEmpty();
  }

  @Test
  void aLoanWhoseEventsCannotBeReadIsARowThatSaysSo() {
    assertThat(rows("stream LIKE '%odd%'", "stream", "laststatus", "open_quarantine"))
        .containsExactlyInAnyOrder(
            tuple("loanRequest-odd1", "UNKNOWN", 1L),
            tuple("loanRequest-odd2", "UNKNOWN", 1L),
            tuple("loanRequest-odd3", "UNKNOWN", 1L),
            tuple("loanRequest-odd4", "UNKNOWN", 1L),
            tuple("loanRequest-odd6", "UNKNOWN", 1L));
    assertThat(rows("stream NOT LIKE '%odd%'", "open_quarantine")).containsOnly(tuple(0L));
    assertThat(loan("odd1", "loan_request_id")).containsExactly(tuple("odd1"));
  }

  @Test
  void aLoanOfWhichAValueDoesNotFitKeepsTheOthers() {
    assertThat(loan("half", "amount", "name", "laststatus", "open_quarantine", "warnings"))
        .containsExactly(tuple(null, "Ann", "LoanRequested", 0L, 1L));
    assertThat(rows("stream NOT IN ('loanRequest-half', 'loanRequest-seeded')", "warnings"))
        .containsOnly(tuple(0L));
    var warnings =
        lakehouse
            .table(LoanLifecycle.projection("loan_requested").table())
            .read(SPARK)
            .filter("stream = 'loanRequest-half'")
            .selectExpr("warnings[0].column", "warnings[0].value");
    assertThat(warnings.collectAsList().stream().map(LoanLifecycleTest::tupleOf))
        .containsExactly(tuple("amount", "10000.5"));
  }

  @Test
  void goldBeginsWithTheGuidesColumnsInTheirOrder() {
    assertThat(gold().columns())
        .startsWith(
            "loan_request_id",
            "amount",
            "national_id",
            "name",
            "gender",
            "age",
            "marital_status",
            "dependents",
            "level_of_education",
            "employer_name",
            "job_title",
            "job_seniority",
            "income",
            "address_street",
            "address_city",
            "address_region",
            "address_country",
            "address_postal_code",
            "loan_requested_timestamp",
            "loan_product_id",
            "score",
            "credit_checked_timestamp",
            "loan_automated_decision_timestamp",
            "approver_name",
            "loan_manual_decision_timestamp",
            "credit_score_summary",
            "income_and_employment_summary",
            "loan_to_income_summary",
            "marital_status_and_dependents_summary",
            "recommended_further_investigation",
            "summarized_by",
            "summarized_at",
            "laststatus",
            "age_binned",
            "stream",
            "log_position",
            "open_quarantine",
            "warnings",
            "incarnation",
            "first_log_position");
  }

  @Test
  void aRebuildHappensOnlyWhenSomethingChanged(@TempDir Path elsewhere) {
    var other =
        Lakehouse.at(Trees.copy(directory.resolve("lakehouse"), elsewhere.resolve("lakehouse")));
    var gold = other.table(LoanLifecycle.LIFECYCLE.table());
    var loans = gold().count();
    var version = gold.version(SPARK);
    assertThat(LoanTasks.silverAndGold(SPARK, other)).isEqualTo(JobReport.nothingNew());
    assertThat(gold.version(SPARK)).isEqualTo(version);

    // What maintenance commits leaves the rows as they are.
    for (var table :
        List.of(other.table(LoanLifecycle.projection("credit_checked").table()), gold)) {
      SPARK.sql("OPTIMIZE " + table.sqlName());
      SPARK.sql("ALTER TABLE %s SET TBLPROPERTIES ('note' = 'x')".formatted(table.sqlName()));
    }
    var maintained = gold.version(SPARK);
    assertThat(Loans.of(SPARK, other).refresh()).isEqualTo(JobReport.nothingNew());
    assertThat(gold.version(SPARK)).isEqualTo(maintained).isGreaterThan(version);

    SPARK.sql("DELETE FROM " + gold.sqlName());
    assertThat(Loans.of(SPARK, other).refresh().rowsOut()).isEqualTo(loans);

    // Emptying Bronze to read it again must not reach Silver as rows of deletions.
    SPARK.sql("DELETE FROM " + other.table(BronzeTables.EVENTS).sqlName());
    assertThat(Loans.of(SPARK, other).project(LoanLifecycle.projection("credit_checked")).notes())
        .containsExactly("bronze.events holds no row");
    assertThat(other.table(LoanLifecycle.projection("credit_checked").table()).read(SPARK).count())
        .isEqualTo(6);

    var summaries = other.table(LoanLifecycle.projection("automated_summary").table());
    SPARK.sql("DELETE FROM " + summaries.sqlName());
    assertThat(Loans.of(SPARK, other).refresh().notes())
        .contains("bronze.events holds no row", "silver.automated_summary holds no row");
  }

  private static List<Tuple> loan(String name, String... columns) {
    return rows("stream = 'loanRequest-" + name + "'", columns);
  }

  private static List<Tuple> rows(String condition, String... columns) {
    return tuples(gold().filter(condition).selectExpr(columns));
  }

  private static List<Tuple> periods(String name, String... columns) {
    var condition = "stream = 'loanRequest-" + name + "'";
    return tuples(history().filter(condition).orderBy("log_position").selectExpr(columns));
  }

  private static List<Tuple> tuples(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(LoanLifecycleTest::tupleOf).toList();
  }

  private static Dataset<Row> history() {
    return lakehouse.table(LoanLifecycle.LIFECYCLE.tables().get(1).table()).read(SPARK);
  }

  private static Dataset<Row> gold() {
    return lakehouse.table(LoanLifecycle.LIFECYCLE.table()).read(SPARK);
  }

  private static Tuple tupleOf(Row row) {
    var values = new Object[row.size()];
    for (var column = 0; column < values.length; column++) {
      values[column] = row.get(column);
    }
    return tuple(values);
  }
}
