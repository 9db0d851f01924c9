package io.github.kurrentlake.loans;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.silver.PayloadParser;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.table.TableSession;
import io.github.kurrentlake.testing.SharedSpark;
import java.sql.Timestamp;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/**
 * What Silver holds of every payload that is known of the loan application's producers, field by
 * field. A column that is not listed is null.
 */
class ProducersTest {
  private static final SparkSession SPARK = TableSession.of(SharedSpark.session());
  private static final StructType EVENTS =
      StructType.fromDDL("log_position BIGINT, stream STRING, schema_name STRING, data STRING");
  private static final Set<String> OF_THE_EVENT = Set.of("stream", "schema_name", "log_position");

  /** A payload and the columns it becomes. */
  private record Variant(String producer, String schemaName, String payload, String columns) {}

  @Test
  void requests() {
    assertSilver(
        LoanLifecycle.projection("loan_requested"),
        new Variant(
            "services",
            "LoanRequested",
            """
            {"Address":{"City":"Somecity","Country":"Somecountry","PostalCode":"ABC123",\
            "Region":"Someregion","Street":"123 Outta My Way"},"Age":35,"Amount":10000,\
            "Dependents":2,"EmployerName":"Acme Co","Gender":"Male","Income":100000,\
            "JobSeniority":2.5,"JobTitle":"Operator","LevelOfEducation":"High School Diploma",\
            "LoanRequestID":"a-1","LoanRequestedTimestamp":"2025-01-29 16:45:43.851140",\
            "MaritalStatus":"Married","Name":"Yves","NationalID":12345}""",
            """
            loan_request_id = a-1
            amount = 10000
            national_id = 12345
            name = Yves
            gender = Male
            age = 35
            marital_status = Married
            dependents = 2
            level_of_education = High School Diploma
            employer_name = Acme Co
            job_title = Operator
            job_seniority = 2.5
            income = 100000
            address_street = 123 Outta My Way
            address_city = Somecity
            address_region = Someregion
            address_country = Somecountry
            address_postal_code = ABC123
            loan_requested_timestamp = 2025-01-29T16:45:43.851140Z
            """),
        new Variant(
            "cloud seeder",
            "LoanRequested",
            """
            {"LoanRequestId":"a-2","LoanRequestedTimestamp":1738168933.527328,\
            "Name":"Elizabeth Garcia","Address":{"City":"Oslo","Country":"Norway",\
            "PostalCode":"0150","Region":"Oslo","Street":"1 Storgata"},\
            "NationalId":"083-53-6101","Age":47,"Gender":"M","MaritalStatus":"Widowed",\
            "Dependents":1,"Amount":46867,"LevelOfEducation":"Doctorate","Income":892162,\
            "JobTitle":"Building control surveyor","JobSeniority":38,\
            "EmployerName":"Brown, Rivera and Hansen"}""",
            """
            loan_request_id = a-2
            amount = 46867
            national_id = 083-53-6101
            name = Elizabeth Garcia
            gender = M
            age = 47
            marital_status = Widowed
            dependents = 1
            level_of_education = Doctorate
            employer_name = Brown, Rivera and Hansen
            job_title = Building control surveyor
            job_seniority = 38.0
            income = 892162
            address_street = 1 Storgata
            address_city = Oslo
            address_region = Oslo
            address_country = Norway
            address_postal_code = 0150
            loan_requested_timestamp = 2025-01-29T16:42:13.527328Z
            """),
        new Variant(
            "command line",
            "LoanRequested",
            """
            {"Address":{"City":"Lyon","Country":"France","PostalCode":"69001","Region":"Rhône",\
            "Street":"2 Rue"},"Age":"35","Amount":"5000","Dependents":"0",\
            "EmployerName":"Acme Co","Gender":"Non Binary","Income":"48000",\
            "JobSeniority":"3.5","JobTitle":"Operator","LevelOfEducation":"College",\
            "LoanRequestID":"a-3","LoanRequestedTimestamp":"2025-01-29 16:45:43",\
            "MaritalStatus":"In a relationship","Name":"Zoë","NationalID":"67890"}""",
            """
            loan_request_id = a-3
            amount = 5000
            national_id = 67890
            name = Zoë
            gender = Non Binary
            age = 35
            marital_status = In a relationship
            dependents = 0
            level_of_education = College
            employer_name = Acme Co
            job_title = Operator
            job_seniority = 3.5
            income = 48000
            address_street = 2 Rue
            address_city = Lyon
            address_region = Rhône
            address_country = France
            address_postal_code = 69001
            loan_requested_timestamp = 2025-01-29T16:45:43Z
            """),
        new Variant(
            "second version",
            "LoanRequested",
            """
            {"User":"Yves","NationalID":12345,"Amount":10000,"LoanRequestID":"a-4",\
            "LoanRequestedTimestamp":"2025-01-29 16:45:43.851140",\
            "RequestorAddress":"123 Outta My Way","RequestorCity":"Somecity",\
            "RequestorRegion":"Someregion","RequestorCountry":"Somecountry",\
            "RequestorPostalCode":"ABC123"}""",
            """
            loan_request_id = a-4
            amount = 10000
            national_id = 12345
            name = Yves
            address_street = 123 Outta My Way
            address_city = Somecity
            address_region = Someregion
            address_country = Somecountry
            address_postal_code = ABC123
            loan_requested_timestamp = 2025-01-29T16:45:43.851140Z
            """),
        new Variant(
            "first version",
            "LoanRequested",
            """
            {"User":"Yves","NationalID":12345,"Amount":10000,"LoanRequestID":"a-5"}""",
            """
            loan_request_id = a-5
            amount = 10000
            national_id = 12345
            name = Yves
            """),
        new Variant(
            "without an id, with milliseconds, product and a fraction of income",
            "LoanRequested",
            """
            {"Amount":10000.0,"Income":10000.5,"Age":"abc","LoanProductID":7,\
            "EducationLevel":"College","LoanRequestedTimestamp":"1758982243380"}""",
            """
            loan_request_id = 6
            amount = 10000
            level_of_education = College
            loan_requested_timestamp = 2025-09-27T14:10:43.380Z
            loan_product_id = 7
            warnings = age: bad value: abc; income: bad value: 10000.5
            """),
        new Variant(
            "a fraction of the amount and an impossible date",
            "LoanRequested",
            """
            {"Amount":10000.5,"LoanRequestedTimestamp":"2025-02-30 10:00:00"}""",
            """
            loan_request_id = 7
            warnings = amount: bad value: 10000.5; \
            loan_requested_timestamp: bad value: 2025-02-30 10:00:00
            """),
        new Variant(
            "an address in one text, and empty texts in places of the first version",
            "LoanRequested",
            """
            {"Amount":5,"LoanRequestID":"","LoanRequestId":"a-8","Name":"","User":"Ann",\
            "Address":"1 Lane, Oslo","RequestorCity":"Oslo"}""",
            """
            loan_request_id = a-8
            amount = 5
            name = Ann
            address_city = Oslo
            warnings = address_street: wrong shape: 1 Lane, Oslo; \
            address_region: wrong shape: 1 Lane, Oslo; \
            address_country: wrong shape: 1 Lane, Oslo; \
            address_postal_code: wrong shape: 1 Lane, Oslo
            """),
        new Variant(
            "without an amount",
            "LoanRequested",
            "{\"User\":\"Yves\"}",
            """
            errors = amount: missing required: null
            """));
  }

  @Test
  void creditChecks() {
    assertSilver(
        LoanLifecycle.projection("credit_checked"),
        new Variant(
            "services",
            "CreditChecked",
            """
            {"Score":4,"NationalID":12345,"CreditCheckedTimestamp":"2025-01-29 16:45:43.851140"}""",
            """
            score = 4
            credit_checked_timestamp = 2025-01-29T16:45:43.851140Z
            """),
        new Variant(
            "of a seeder's request, in a whole second",
            "CreditChecked",
            """
            {"Score":0,"NationalID":null,"CreditCheckedTimestamp":"2025-01-29 16:45:43"}""",
            """
            score = 0
            credit_checked_timestamp = 2025-01-29T16:45:43Z
            """),
        new Variant(
            "first version",
            "CreditChecked",
            "{\"Score\":10,\"NationalID\":12345}",
            "score = 10\n"),
        new Variant(
            "text",
            "CreditChecked",
            "{\"Score\":\"9\",\"CreditCheckedTimestamp\":\"1758982243380\"}",
            """
            score = 9
            credit_checked_timestamp = 2025-09-27T14:10:43.380Z
            """));
  }

  @Test
  void decisions() {
    assertSilver(
        LoanLifecycle.projection("loan_auto_decisioned"),
        new Variant(
            "services",
            "LoanApprovalNeeded",
            """
            {"LoanRequestID":"a","LoanAutomatedDecisionTimestamp":"2025-01-29 16:45:43.851140"}""",
            "loan_automated_decision_timestamp = 2025-01-29T16:45:43.851140Z\n"),
        new Variant("first version", "LoanAutomaticallyDenied", "{\"LoanRequestID\":\"a\"}", ""));
    assertSilver(
        LoanLifecycle.projection("loan_manual_decisioned"),
        new Variant(
            "services",
            "LoanManuallyApproved",
            """
            {"LoanRequestID":"a","LoanManualDecisionTimestamp":"2025-01-29 16:45:43.851140",\
            "ApproverName":"Jane"}""",
            """
            approver_name = Jane
            loan_manual_decision_timestamp = 2025-01-29T16:45:43.851140Z
            """),
        new Variant("first version", "LoanManuallyDenied", "{\"LoanRequestID\":\"a\"}", ""));
  }

  @Test
  void summaries() {
    assertSilver(
        LoanLifecycle.projection("automated_summary"),
        new Variant(
            "as the prompt asks",
            "AutomatedSummary",
            """
            {"CreditScoreSummary":"fair","IncomeAndEmploymentSummary":"stable",\
            "LoanToIncomeSummary":"low","MaritalStatusAndDependentsSummary":"two children",\
            "RecommendedFurtherInvestigation":"none","SummarizedBy":"OpenAI/gpt-3.5-turbo",\
            "SummarizedAt":"2025-01-29 16:45:43.851140"}""",
            """
            credit_score_summary = fair
            income_and_employment_summary = stable
            loan_to_income_summary = low
            marital_status_and_dependents_summary = two children
            recommended_further_investigation = none
            summarized_by = OpenAI/gpt-3.5-turbo
            summarized_at = 2025-01-29T16:45:43.851140Z
            """),
        new Variant(
            "as its list of required keys says, with an object and a list",
            "AutomatedSummary",
            """
            {"CreditScoreSummary":4,"IncomeAndEmploymentSummary":{"Income": 1200.5, "Job":"é"},\
            "MaritalStatusSummary":"single","RecommendedFurtherInvestigation":["pay slip", "rent"],\
            "SummarizedAt":"recently"}""",
            """
            credit_score_summary = 4
            income_and_employment_summary = {"Income": 1200.5, "Job":"é"}
            marital_status_and_dependents_summary = single
            recommended_further_investigation = ["pay slip", "rent"]
            warnings = summarized_at: bad value: recently
            """));
  }

  private static void assertSilver(Projection projection, Variant... variants) {
    var events = new ArrayList<Row>();
    for (var variant : variants) {
      var position = events.size() + 1L;
      events.add(
          RowFactory.create(
              position, "loanRequest-" + position, variant.schemaName, variant.payload));
    }
    var rows =
        new PayloadParser(projection, ZoneOffset.UTC)
            .parse(SPARK.createDataFrame(events, EVENTS))
            .orderBy("log_position")
            .collectAsList();
    assertThat(rows).hasSize(variants.length);
    for (var i = 0; i < variants.length; i++) {
      assertThat(columns(rows.get(i))).as(variants[i].producer).isEqualTo(variants[i].columns);
    }
  }

  /** A line per column that is not null; of an event for quarantine its errors alone. */
  private static String columns(Row parsed) {
    var errors = parsed.<Row>getList(parsed.fieldIndex("errors"));
    if (!errors.isEmpty()) {
      return "errors = " + problems(errors) + "\n";
    }
    var row = parsed.getStruct(parsed.fieldIndex("row"));
    return IntStream.range(0, row.size())
        .filter(column -> !row.isNullAt(column))
        .filter(column -> !OF_THE_EVENT.contains(row.schema().fieldNames()[column]))
        .mapToObj(column -> row.schema().fieldNames()[column] + " = " + value(row, column) + "\n")
        .collect(joining());
  }

  private static String value(Row row, int column) {
    if (row.schema().fieldNames()[column].equals("warnings")) {
      return problems(row.getList(column));
    }
    return row.get(column) instanceof Timestamp time
        ? time.toInstant().toString()
        : row.get(column).toString();
  }

  private static String problems(List<Row> problems) {
    return problems.stream()
        .map(problem -> problem.get(0) + ": " + problem.get(1) + ": " + problem.get(3))
        .collect(joining("; "));
  }
}
