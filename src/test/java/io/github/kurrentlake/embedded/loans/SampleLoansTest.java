package io.github.kurrentlake.embedded.loans;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SampleLoansTest {
  private static final int LOANS = 10_000;

  private static final String DATETIME = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d{6})?";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final Set<String> SERVICES_KEYS =
      Set.of(
          "Address",
          "Age",
          "Amount",
          "Dependents",
          "EmployerName",
          "Gender",
          "Income",
          "JobSeniority",
          "JobTitle",
          "LevelOfEducation",
          "LoanRequestID",
          "LoanRequestedTimestamp",
          "MaritalStatus",
          "Name",
          "NationalID");

  private static List<LogRecord> log;
  private static Map<String, List<LogRecord>> streams;

  @BeforeAll
  static void writeTheLog() {
    log = list(SampleLoans.seed(42), LOANS);
    streams = loanStreams(log);
  }

  @Test
  void aSeedAlwaysGivesTheSameLog() {
    assertThat(list(SampleLoans.seed(7), 500)).isEqualTo(list(SampleLoans.seed(7), 500));
    assertThat(list(SampleLoans.seed(7), 500)).isNotEqualTo(list(SampleLoans.seed(8), 500));
  }

  @Test
  void theLogOfMoreLoansBeginsWithTheLogOfFewer() {
    for (var fewer : List.of(0, 1, 10, 977, 9_999)) {
      var prefix = list(SampleLoans.seed(42), fewer);

      assertThat(log.subList(0, prefix.size())).isEqualTo(prefix);
      assertThat(log.get(prefix.size()).schemaName())
          .as("the record after the log of %s loans", fewer)
          .isEqualTo("LoanRequested");
    }
  }

  @Test
  void asManyLoansAreRequestedAsWereAskedFor() {
    for (var loans : List.of(1, 2, 10, 300)) {
      assertThat(list(SampleLoans.seed(5), loans)).filteredOn(isA("LoanRequested")).hasSize(loans);
    }
  }

  @Test
  void noLoansGiveALogOfSystemEventsOnly() {
    assertThat(list(SampleLoans.seed(42), 0)).isNotEmpty().allMatch(SampleLoansTest::isSystem);
  }

  @Test
  void tenLoansAlreadyShowDecisions() {
    assertThat(list(SampleLoans.seed(42), 10))
        .filteredOn(isA("LoanAutomatically").or(isA("LoanApprovalNeeded")))
        .hasSizeGreaterThan(5);
  }

  @Test
  void aNegativeNumberOfLoansIsRefused() {
    assertThatThrownBy(() -> SampleLoans.seed(1).records(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }

  @Test
  void positionsBeginAtZeroAndAscendByTheSizeOfEachRecord() {
    var overheads = new TreeSet<Long>();
    for (var i = 1; i < log.size(); i++) {
      var before = log.get(i - 1);
      var texts = before.stream() + before.schemaName() + before.data() + before.metadata();
      overheads.add(log.get(i).logPosition() - before.logPosition() - texts.getBytes(UTF_8).length);
    }

    assertThat(log.get(0).logPosition()).isZero();
    assertThat(overheads).hasSize(1).first().satisfies(o -> assertThat(o).isBetween(50L, 200L));
  }

  @Test
  void streamRevisionsCountFromZeroInEveryStream() {
    var next = new HashMap<String, Long>();
    for (var record : log) {
      var expected = next.merge(record.stream(), 1L, Long::sum) - 1;
      assertThat(record.streamRevision()).as(record.stream()).isEqualTo(expected);
    }
  }

  @Test
  void recordIdsAreUniqueAndTheRequestHasTheIdOfItsLoan() {
    assertThat(log.stream().map(LogRecord::recordId).distinct()).hasSize(log.size());
    assertThat(log)
        .filteredOn(isA("LoanRequested"))
        .allMatch(record -> record.stream().equals("loanRequest-" + record.recordId()));
  }

  @Test
  void theServerClockStepsBackNowAndThenByAFewMilliseconds() {
    var back = 0;
    for (var i = 1; i < log.size(); i++) {
      var step = log.get(i).createdAt() - log.get(i - 1).createdAt();
      assertThat(step).isGreaterThan(-10);
      back += step < 0 ? 1 : 0;
    }
    assertThat(back).isBetween(1, log.size() / 10);
    assertThat(Instant.ofEpochMilli(log.get(0).createdAt()))
        .isBetween(Instant.parse("2025-01-06T00:00:00Z"), Instant.parse("2025-01-07T00:00:00Z"));
  }

  @Test
  void systemEventsAndOtherCategoriesStandBetweenTheLoans() {
    assertThat(log).filteredOn(SampleLoansTest::isSystem).hasSizeBetween(100, 2_000);
    assertThat(log)
        .as("system events in a stream that is not a system stream")
        .anyMatch(r -> r.schemaName().startsWith("$") && !r.stream().startsWith("$"));
    assertThat(log)
        .filteredOn(r -> !isSystem(r) && !isLoan(r))
        .hasSizeBetween(500, 3_000)
        .extracting(r -> r.stream().split("-", 2)[0])
        .contains("customer", "graphql", "document");
  }

  @Test
  void whatIsNotJsonIsBase64BetweenQuotes() {
    var bytes = log.stream().filter(r -> r.schemaFormat().equals("Bytes")).toList();

    assertThat(bytes).extracting(LogRecord::schemaName).contains("DocumentScanned", "$>");
    assertThat(bytes).allMatch(r -> Base64.getDecoder().decode(json(r.data()).textValue()) != null);
  }

  @Test
  void everyLoanFollowsTheOrderOfTheLifecycle() {
    var automated = "LoanAutomaticallyApproved|LoanAutomaticallyDenied|LoanApprovalNeeded";
    var whole =
        "LoanRequested(,CreditChecked(,(LoanAutomaticallyApproved|LoanAutomaticallyDenied"
            + "|LoanApprovalNeeded(,AutomatedSummary)?(,LoanManually(Approved|Denied))?))?)?";
    assertThat(streams).hasSize(LOANS);
    streams.forEach(
        (stream, events) -> {
          var types = new ArrayList<String>();
          for (var event : events) {
            var type = event.schemaName();
            if (!type.equals("CreditChecked") || !types.contains(type)) {
              types.add(type);
            }
          }
          assertThat(String.join(",", types)).as(stream).matches(whole);
          events.stream()
              .filter(event -> event.schemaName().matches(automated))
              .forEach(event -> assertThat(event.schemaName()).isEqualTo(decision(events)));
        });
  }

  @Test
  void eachStageOfALoanFollowsTheOneBefore() {
    streams.forEach(
        (stream, events) -> {
          for (var i = 1; i < events.size(); i++) {
            assertThat(events.get(i).createdAt()).isGreaterThan(events.get(i - 1).createdAt());
          }
        });
  }

  @Test
  void someCreditChecksWereAppendedTwice() {
    var repeated = 0;
    for (var events : streams.values()) {
      var checks = events.stream().filter(isA("CreditChecked")).toList();
      if (checks.size() > 1) {
        repeated++;
        assertThat(checks).hasSize(2);
        assertThat(json(checks.get(1).data()).get("Score"))
            .isEqualTo(json(checks.get(0).data()).get("Score"));
        assertThat(checks.get(1).recordId()).isNotEqualTo(checks.get(0).recordId());
      }
    }
    assertThat(repeated).isBetween(10, 120);
  }

  @Test
  void everyPathAndEveryUnfinishedStageIsThere() {
    var ends =
        streams.values().stream()
            .collect(
                Collectors.groupingBy(
                    events -> events.get(events.size() - 1).schemaName(), Collectors.counting()));

    assertThat(ends.get("LoanAutomaticallyApproved")).isBetween(2_500L, 3_500L);
    assertThat(ends.get("LoanAutomaticallyDenied")).isBetween(2_500L, 3_500L);
    assertThat(ends.get("LoanManuallyApproved")).isBetween(1_500L, 2_500L);
    assertThat(ends.get("LoanManuallyDenied")).isBetween(1_000L, 2_000L);
    assertThat(ends.get("LoanRequested")).isBetween(5L, 100L);
    assertThat(ends.get("CreditChecked")).isBetween(5L, 150L);
    assertThat(ends.get("LoanApprovalNeeded")).isBetween(50L, 500L);
    assertThat(ends.get("AutomatedSummary")).isBetween(50L, 500L);
    assertThat(ends).hasSize(8);
    assertThat(paths(isA("AutomatedSummary"), isA("LoanManually"))).isGreaterThan(1_000);
    assertThat(paths(isA("AutomatedSummary").negate(), isA("LoanManually"))).isGreaterThan(1_000);
  }

  @Test
  void everyProducerHasItsShare() {
    var producers =
        streams.values().stream()
            .collect(
                Collectors.groupingBy(
                    events -> producer(json(events.get(0).data())), Collectors.counting()));

    assertThat(producers.get(Producer.SERVICES)).isBetween(4_000L, 5_500L);
    assertThat(producers.get(Producer.SEEDER)).isBetween(2_500L, 4_500L);
    assertThat(producers.get(Producer.COMMAND_LINE)).isBetween(600L, 1_400L);
    assertThat(producers.get(Producer.SECOND_VERSION)).isBetween(300L, 1_000L);
    assertThat(producers.get(Producer.FIRST_VERSION)).isBetween(200L, 800L);
  }

  @Test
  void servicesAndCommandLineWriteTheSameKeysAsNumbersAndAsText() {
    var numbers = List.of("Age", "Amount", "Dependents", "Income", "JobSeniority", "NationalID");
    forEachRequest(
        (producer, stream, payload) -> {
          if (producer != Producer.SERVICES && producer != Producer.COMMAND_LINE) {
            return;
          }
          assertThat(keys(payload)).isEqualTo(SERVICES_KEYS);
          var order = new ArrayList<String>();
          payload.fieldNames().forEachRemaining(order::add);
          assertThat(order).isSorted();
          assertAddress(payload.get("Address"));
          for (var key : SERVICES_KEYS) {
            if (!key.equals("Address")) {
              var number = producer == Producer.SERVICES && numbers.contains(key);
              assertThat(payload.get(key).isNumber()).as("%s is a number", key).isEqualTo(number);
              assertThat(payload.get(key).isTextual()).as("%s is text", key).isEqualTo(!number);
            }
          }
          assertThat(numbers).allMatch(key -> payload.get(key).asText().matches("\\d+(\\.5)?"));
          assertThat(payload.get("LoanRequestedTimestamp").textValue()).matches(DATETIME);
          assertThat("loanRequest-" + payload.get("LoanRequestID").textValue()).isEqualTo(stream);
        });
  }

  @Test
  void theSeederSpellsIdsItsOwnWayAndWritesEpochSeconds() {
    var keys = new TreeSet<>(SERVICES_KEYS);
    keys.removeAll(Set.of("LoanRequestID", "NationalID"));
    keys.addAll(Set.of("LoanRequestId", "NationalId"));
    forEachRequest(
        (producer, stream, payload) -> {
          if (producer != Producer.SEEDER) {
            return;
          }
          assertThat(keys(payload)).isEqualTo(keys);
          assertAddress(payload.get("Address"));
          assertThat(payload.get("LoanRequestedTimestamp").isFloatingPointNumber()).isTrue();
          assertThat(payload.get("LoanRequestedTimestamp").asDouble()).isBetween(1.73e9, 1.74e9);
          assertThat(payload.get("NationalId").textValue()).matches("\\d{3}-\\d\\d-\\d{4}");
          assertThat(payload.get("JobSeniority").isInt()).isTrue();
          assertThat(List.of("Age", "Amount", "Dependents", "Income"))
              .allMatch(key -> payload.get(key).isNumber());
          assertThat("loanRequest-" + payload.get("LoanRequestId").textValue()).isEqualTo(stream);
        });
  }

  @Test
  void theOldVersionsAreFlat() {
    var first = Set.of("User", "NationalID", "Amount", "LoanRequestID");
    var second = new TreeSet<>(first);
    second.addAll(
        Set.of(
            "LoanRequestedTimestamp",
            "RequestorAddress",
            "RequestorCity",
            "RequestorRegion",
            "RequestorCountry",
            "RequestorPostalCode"));
    forEachRequest(
        (producer, stream, payload) -> {
          if (producer == Producer.FIRST_VERSION || producer == Producer.SECOND_VERSION) {
            var expected = producer == Producer.FIRST_VERSION ? first : second;
            assertThat(keys(payload)).isEqualTo(expected);
            for (var key : expected) {
              var number = key.equals("NationalID") || key.equals("Amount");
              assertThat(payload.get(key).isNumber()).as("%s is a number", key).isEqualTo(number);
              assertThat(payload.get(key).isTextual()).as("%s is text", key).isEqualTo(!number);
            }
            assertThat("loanRequest-" + payload.get("LoanRequestID").textValue()).isEqualTo(stream);
          }
        });
  }

  @Test
  void theCreditCheckRepeatsTheNationalIdAsItsProducerWroteIt() {
    forEachLoan(
        (producer, request, event) -> {
          if (!event.schemaName().equals("CreditChecked")) {
            return;
          }
          var payload = json(event.data());
          var untimed = Set.of("Score", "NationalID");
          var timed = Set.of("Score", "NationalID", "CreditCheckedTimestamp");
          assertThat(keys(payload)).isEqualTo(producer == Producer.FIRST_VERSION ? untimed : timed);
          assertThat(payload.get("Score").intValue()).isBetween(1, 10);
          if (producer == Producer.SEEDER) {
            assertThat(payload.get("NationalID").isNull()).isTrue();
          } else {
            assertThat(payload.get("NationalID")).isEqualTo(request.get("NationalID"));
          }
          if (producer != Producer.FIRST_VERSION) {
            assertThat(payload.get("CreditCheckedTimestamp").textValue()).matches(DATETIME);
          }
        });
  }

  @Test
  void decisionsCarryTheirTimestampExceptInTheFirstVersion() {
    forEachLoan(
        (producer, request, event) -> {
          if (!event.schemaName().matches("Loan(Automatically|ApprovalN|Manually).*")) {
            return;
          }
          var manual = event.schemaName().startsWith("LoanManually");
          var payload = json(event.data());
          assertThat("loanRequest-" + payload.get("LoanRequestID").textValue())
              .isEqualTo(event.stream());
          if (producer == Producer.FIRST_VERSION) {
            assertThat(keys(payload)).containsExactly("LoanRequestID");
          } else if (manual) {
            assertThat(keys(payload))
                .containsExactly("ApproverName", "LoanManualDecisionTimestamp", "LoanRequestID");
            assertThat(payload.get("LoanManualDecisionTimestamp").textValue()).matches(DATETIME);
            assertThat(payload.get("ApproverName").isTextual()).isTrue();
          } else {
            assertThat(keys(payload))
                .containsExactly("LoanAutomatedDecisionTimestamp", "LoanRequestID");
            assertThat(payload.get("LoanAutomatedDecisionTimestamp").textValue()).matches(DATETIME);
          }
        });
  }

  @Test
  void aSummaryIsMostlyTextButAModelMayAnswerOtherwise() {
    var summaries = log.stream().filter(isA("AutomatedSummary")).map(r -> json(r.data())).toList();
    var renamed = 0;
    var lists = 0;
    var objects = 0;
    for (var summary : summaries) {
      var family =
          summary.has("MaritalStatusSummary")
              ? "MaritalStatusSummary"
              : "MaritalStatusAndDependentsSummary";
      renamed += family.equals("MaritalStatusSummary") ? 1 : 0;
      assertThat(keys(summary))
          .containsExactlyInAnyOrder(
              "CreditScoreSummary",
              "IncomeAndEmploymentSummary",
              "LoanToIncomeSummary",
              family,
              "RecommendedFurtherInvestigation",
              "SummarizedBy",
              "SummarizedAt");
      for (var value : summary) {
        assertThat(value.isTextual() || value.isArray() || value.isObject()).isTrue();
        lists += value.isArray() ? 1 : 0;
        objects += value.isObject() ? 1 : 0;
      }
      assertThat(summary.get("SummarizedBy").textValue()).isEqualTo("OpenAI/gpt-3.5-turbo");
      assertThat(summary.get("SummarizedAt").textValue()).matches(DATETIME);
    }
    assertThat(renamed).isBetween(1, summaries.size() / 10);
    assertThat(lists).isBetween(1, summaries.size() / 10);
    assertThat(objects).isBetween(1, summaries.size() / 10);
  }

  @Test
  void rareValuesAreThere() {
    assertThat(log).filteredOn(isA("LoanRequested")).anyMatch(r -> r.data().contains(".5,\"Dep"));
    assertThat(log)
        .as("a Python datetime without fraction")
        .filteredOn(isA("CreditChecked"))
        .anyMatch(r -> json(r.data()).path("CreditCheckedTimestamp").asText().length() == 19);
    assertThat(log).as("escaped as Python does").anyMatch(r -> r.data().contains("\\u00e9"));
    assertThat(log).as("plain UTF-8").anyMatch(r -> r.data().contains("é"));
    assertThat(log).as("a quote in a text").anyMatch(r -> r.data().contains("\\\"Leaf\\\""));
  }

  @Test
  void metadataTellsCorrelationCauseAndTime() {
    forEachLoan(
        (producer, request, event) -> {
          var metadata = json(event.metadata());
          assertThat(keys(metadata))
              .containsExactly("$causationId", "$correlationId", "transactionTimestamp");
          assertThat("loanRequest-" + metadata.get("$correlationId").textValue())
              .isEqualTo(event.stream());
          var time = metadata.get("transactionTimestamp");
          if (producer == Producer.SEEDER && event.schemaName().equals("LoanRequested")) {
            assertThat(time.isNumber()).isTrue();
          } else {
            assertThat(time.textValue()).matches(DATETIME);
          }
        });
    streams.forEach(
        (stream, events) -> {
          for (var i = 1; i < events.size(); i++) {
            assertThat(json(events.get(i).metadata()).get("$causationId").textValue())
                .isEqualTo(events.get(i - 1).recordId().toString());
          }
        });
  }

  @Test
  void aCompleteLogHasEveryStageOfEveryLoanOnce() {
    var complete = loanStreams(list(SampleLoans.seed(42).complete(), 300));

    assertThat(complete).hasSize(300);
    complete.forEach(
        (stream, events) ->
            assertThat(events.stream().map(LogRecord::schemaName).collect(Collectors.joining(",")))
                .as(stream)
                .matches(
                    "LoanRequested,CreditChecked,LoanApprovalNeeded,AutomatedSummary,"
                        + "LoanManually(Approved|Denied)"));
  }

  @Test
  void aCompleteLogHasNoValueThatATypedSchemaLoses() {
    var complete = loanStreams(list(SampleLoans.seed(42).complete(), 3_000));

    for (var events : complete.values()) {
      var request = json(events.get(0).data());
      assertThat(keys(request)).isEqualTo(SERVICES_KEYS);
      assertThat(List.of("Age", "Amount", "Dependents", "Income", "NationalID"))
          .allMatch(key -> request.get(key).isInt());
      assertThat(json(events.get(3).data())).allMatch(JsonNode::isTextual).hasSize(7).isNotEmpty();
      assertThat(json(events.get(3).data()).has("MaritalStatusAndDependentsSummary")).isTrue();
      assertThat(request.get("LoanRequestedTimestamp").textValue()).hasSize(26);
    }
  }

  @Test
  void aSpanSpreadsTheRequestsOverThatTime() {
    var requests =
        list(SampleLoans.seed(42).spanning(Period.ofYears(2)), 2_000).stream()
            .filter(isA("LoanRequested"))
            .toList();

    var days =
        Duration.ofMillis(
                requests.get(requests.size() - 1).createdAt() - requests.get(0).createdAt())
            .toDays();
    assertThat((double) days).isCloseTo(730, within(100.0));
    assertThatThrownBy(() -> SampleLoans.seed(42).spanning(Period.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private interface RequestCheck {
    void check(Producer producer, String stream, JsonNode payload);
  }

  private interface EventCheck {
    void check(Producer producer, JsonNode request, LogRecord event);
  }

  private static void forEachRequest(RequestCheck check) {
    streams.forEach(
        (stream, events) -> {
          var payload = json(events.get(0).data());
          check.check(producer(payload), stream, payload);
        });
  }

  private static void forEachLoan(EventCheck check) {
    for (var events : streams.values()) {
      var request = json(events.get(0).data());
      var producer = producer(request);
      events.forEach(event -> check.check(producer, request, event));
    }
  }

  private static Producer producer(JsonNode request) {
    if (request.has("User")) {
      return request.has("RequestorCity") ? Producer.SECOND_VERSION : Producer.FIRST_VERSION;
    }
    if (request.has("LoanRequestId")) {
      return Producer.SEEDER;
    }
    return request.get("Age").isTextual() ? Producer.COMMAND_LINE : Producer.SERVICES;
  }

  private static String decision(List<LogRecord> events) {
    var score =
        events.stream()
            .filter(isA("CreditChecked"))
            .mapToInt(event -> json(event.data()).get("Score").intValue())
            .findFirst()
            .orElseThrow();
    if (score >= 8) {
      return "LoanAutomaticallyApproved";
    }
    return score >= 4 ? "LoanApprovalNeeded" : "LoanAutomaticallyDenied";
  }

  /** Loans of which the second last event fits the one, and the last the other. */
  private static long paths(Predicate<LogRecord> before, Predicate<LogRecord> last) {
    return streams.values().stream()
        .filter(events -> events.size() > 1)
        .filter(events -> before.test(events.get(events.size() - 2)))
        .filter(events -> last.test(events.get(events.size() - 1)))
        .count();
  }

  private static void assertAddress(JsonNode address) {
    assertThat(keys(address)).containsExactly("City", "Country", "PostalCode", "Region", "Street");
    assertThat(address).allMatch(JsonNode::isTextual);
  }

  private static Predicate<LogRecord> isA(String typePrefix) {
    return record -> record.schemaName().startsWith(typePrefix);
  }

  private static boolean isSystem(LogRecord record) {
    return record.schemaName().startsWith("$") || record.stream().startsWith("$");
  }

  private static boolean isLoan(LogRecord record) {
    return record.stream().startsWith("loanRequest-");
  }

  private static List<LogRecord> list(SampleLoans loans, long count) {
    var records = new ArrayList<LogRecord>();
    loans.records(count).forEachRemaining(records::add);
    return records;
  }

  private static Map<String, List<LogRecord>> loanStreams(List<LogRecord> records) {
    return records.stream()
        .filter(SampleLoansTest::isLoan)
        .collect(Collectors.groupingBy(LogRecord::stream, LinkedHashMap::new, Collectors.toList()));
  }

  private static SortedSet<String> keys(JsonNode object) {
    var keys = new TreeSet<String>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("Not JSON: " + text, e);
    }
  }
}
