package io.github.kurrentlake.loans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.kurrentlake.bronze.Bronze;
import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.embedded.loans.SampleLoans;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.reconcile.Comparison;
import io.github.kurrentlake.reconcile.Finding;
import io.github.kurrentlake.reconcile.Finding.Kind;
import io.github.kurrentlake.reconcile.ReconcileJob;
import io.github.kurrentlake.reconcile.ReconcileOptions.Extent;
import io.github.kurrentlake.reconcile.ReconcileOptions.Payloads;
import io.github.kurrentlake.reconcile.Reconciliation;
import io.github.kurrentlake.source.KurrentDb;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.QualifiedName;
import io.github.kurrentlake.testing.KurrentDbs;
import io.github.kurrentlake.testing.SharedSpark;
import io.github.kurrentlake.testing.Trees;
import io.github.kurrentlake.testing.Vacuum;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody did to a layer is found, and what is missing is brought again. */
@Tag("long")
class ReconcileTest {
  private static final SparkSession SPARK = SharedSpark.session();
  private static final String BRONZE = "bronze.events";
  private static final String SILVER = "silver.loan_requested";
  private static final String GOLD = "gold.loan_lifecycle";
  private static final String HISTORY = "gold.loan_status_history";

  @TempDir private static Path directory;
  private static EmbeddedKurrentDb node;
  private static KurrentDb kurrentdb;
  private static List<LogRecord> log;
  private static int copies;

  private Lakehouse lakehouse;
  private Loans loans;

  /** A lakehouse that was found clean, made once and copied for each test. */
  @BeforeAll
  static void fillTheLakehouse() {
    log = records(11, 150);
    node = EmbeddedKurrentDb.builder().start();
    node.append(log.stream());
    kurrentdb = KurrentDbs.reach(node, directory);
    var loans = Loans.of(SPARK, Lakehouse.at(directory.resolve("clean")));
    loans.ingest(kurrentdb);
    loans.project();
    loans.refresh();
    assertClean(loans.reconcile(kurrentdb));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void copy() {
    var copy = Trees.copy(directory.resolve("clean"), directory.resolve("copy-" + copies++));
    lakehouse = Lakehouse.at(copy);
    loans = Loans.of(SPARK, lakehouse);
  }

  @Test
  void allEventsAreCountedInEveryLayer() {
    var all = loans.reconcile(kurrentdb, Extent.FULL, Payloads.ALL);

    assertClean(all);
    var events = log.stream().filter(ReconcileTest::isLoan).count();
    assertThat(of(all, BRONZE).expected()).isEqualTo(events);
    assertThat(of(all, BRONZE).found()).isEqualTo(events);
    assertThat(all.comparisons())
        .hasSize(1 + 5 + 2)
        .allSatisfy(comparison -> assertThat(comparison.found()).isEqualTo(comparison.expected()))
        .allSatisfy(comparison -> assertThat(comparison.waiting()).isZero());
  }

  @Test
  void whatWasCleanAndHasNotChangedIsNotComparedAgain() {
    assertThat(loans.reconcile(kurrentdb).comparisons())
        .allSatisfy(comparison -> assertThat(comparison.expected()).isZero())
        .allSatisfy(comparison -> assertThat(comparison.isClean()).isTrue());
  }

  @Test
  void whatATaskHasNotComeToYetIsWaitingAndIsComparedLater() {
    var half =
        IntStream.iterate(log.size() / 2, i -> i + 1)
            .filter(i -> isLoan(log.get(i)))
            .findFirst()
            .orElseThrow();
    try (var growing = EmbeddedKurrentDb.builder().start()) {
      growing.append(log.subList(0, half).stream());
      var kurrentdb = KurrentDbs.reach(growing, directory);
      lakehouse = Lakehouse.at(directory.resolve("growing"));
      loans = Loans.of(SPARK, lakehouse);
      loans.ingest(kurrentdb);
      loans.project();
      loans.refresh();
      assertClean(loans.reconcile(kurrentdb));

      var late = log.get(half).logPosition();
      growing.append(
          log.stream()
              .skip(half)
              .map(event -> event.logPosition() == late ? event.committedAt(late + 1) : event));
      loans.ingest(kurrentdb);
      var behind = loans.reconcile(kurrentdb);
      assertThat(behind.isClean()).isTrue();
      assertThat(of(behind, BRONZE).findings())
          .containsExactly(
              new Finding(Kind.OF_TRANSACTIONS, Optional.empty(), "events", 1, late, late));
      assertThat(of(behind, SILVER).waiting()).isPositive();

      loans.project();
      loans.refresh();
      var all = loans.reconcile(kurrentdb);
      assertClean(all);
      assertThat(of(all, SILVER).expected()).isPositive();
      assertThat(of(all, GOLD).expected()).isPositive();
      assertThat(all.comparisons()).allSatisfy(one -> assertThat(one.waiting()).isZero());
    }
  }

  /** Bronze and quarantine are other pipelines' too. */
  @Test
  void whatOtherPipelinesWriteLeavesGoldAsItIs() {
    var bronze = lakehouse.table(QualifiedName.parse(BRONZE));
    var gold = lakehouse.table(QualifiedName.parse(GOLD));
    var written = gold.version(SPARK);
    Bronze.ingest(
        SPARK,
        new BronzeOptions(lakehouse, kurrentdb, "customer", "customers", 1000),
        Progress.unwatched());
    assertThat(loans.reconcile(kurrentdb, Extent.FULL, Payloads.NONE).comparisons())
        .allSatisfy(ReconcileTest::assertClean)
        .allSatisfy(one -> assertThat(one.waiting()).isZero());

    assertThat(loans.refresh()).isEqualTo(JobReport.nothingNew());
    assertThat(gold.version(SPARK)).isEqualTo(written + 1);
    assertThat(loans.refresh()).isEqualTo(JobReport.nothingNew());
    assertThat(gold.version(SPARK)).isEqualTo(written + 1);

    for (var table : List.of(bronze, gold)) {
      SPARK.sql("OPTIMIZE " + table.sqlName());
      Vacuum.allFormerFiles(SPARK, table);
    }
    assertClean(loans.reconcile(kurrentdb, Extent.FULL, Payloads.NONE));
    assertThat(loans.refresh()).isEqualTo(JobReport.nothingNew());

    execute("UPDATE %s SET amount = 0 WHERE stream = '" + request(3).stream() + "'", GOLD);
    assertThat(loans.refresh().notes().toString()).contains("others have changed it");
  }

  @Test
  void eventsOfBronzeThatAreMissingDoubledOrAlteredAreFoundAndTheMissingBroughtAgain() {
    execute("DELETE FROM %s WHERE log_position = " + request(3).logPosition(), BRONZE);
    execute(
        "INSERT INTO %1$s SELECT * FROM %1$s WHERE log_position = " + request(5).logPosition(),
        BRONZE);
    execute(
        "UPDATE %s SET stream_revision = 9 WHERE log_position = " + request(7).logPosition(),
        BRONZE);
    var missing = finding(Kind.MISSING, request(3));
    var doubled = finding(Kind.DOUBLED, request(5));
    var altered = finding(Kind.ALTERED, request(7));

    var found = loans.reconcile(kurrentdb);
    assertThat(of(found, BRONZE).findings()).containsExactlyInAnyOrder(missing, doubled, altered);
    assertThat(of(found, SILVER).findings())
        .extracting(Finding::kind)
        .containsExactly(Kind.UNEXPECTED);
    assertThatThrownBy(() -> ReconcileJob.requireClean(found))
        .hasMessageContaining("KL-324")
        .hasMessageContaining("bronze.events: 1 missing: LoanRequested of ")
        .hasMessageContaining("log_position " + request(3).logPosition());

    var repaired = loans.repair(kurrentdb);
    assertThat(of(repaired, BRONZE).findings()).containsExactlyInAnyOrder(doubled, altered);
    assertClean(of(repaired, SILVER));
  }

  @Test
  void aPayloadThatIsAlteredInBronzeIsFoundWherePayloadsAreCompared() {
    var event = request(7);
    execute(
        "UPDATE %s SET data = '{\"Amount\": 1}' WHERE log_position = " + event.logPosition(),
        BRONZE);

    assertClean(of(loans.reconcile(kurrentdb), BRONZE));
    assertThat(of(loans.reconcile(kurrentdb, Extent.FULL, Payloads.ALL), BRONZE).findings())
        .containsExactly(finding(Kind.ALTERED, event));
  }

  @Test
  void aPayloadThatIsMissingInBronzeIsBroughtAgainAndOneThatKurrentDbHasLostStays() {
    var event = request(9);
    execute(
        "UPDATE %s SET data = '', metadata = '' WHERE log_position = " + event.logPosition(),
        BRONZE);
    assertThat(of(loans.reconcile(kurrentdb, Extent.FULL, Payloads.ALL), BRONZE).findings())
        .containsExactly(finding(Kind.WITHOUT_PAYLOAD, event));

    loans.repair(kurrentdb);
    assertClean(loans.reconcile(kurrentdb, Extent.FULL, Payloads.ALL));

    try (var scavenged = EmbeddedKurrentDb.builder().start()) {
      scavenged.append(log.stream());
      scavenged.scavenge(event.logPosition());
      var bare = KurrentDbs.reach(scavenged, directory);
      var after = loans.reconcile(bare, Extent.FULL, Payloads.ALL);
      assertThat(of(after, BRONZE).findings()).containsExactly(finding(Kind.ONLY_IN_BRONZE, event));
      assertThat(after.isClean()).isTrue();
      assertThat(after.notes()).anyMatch(note -> note.contains("1 only in bronze: LoanRequested"));
      assertThat(loans.repair(bare).isClean()).isTrue();
    }
    assertClean(loans.reconcile(kurrentdb, Extent.FULL, Payloads.ALL));
  }

  @Test
  void rowsOfSilverThatAreMissingDoubledOrAlteredAreFoundAndTheMissingBroughtAgain() {
    execute("DELETE FROM %s WHERE log_position = " + request(2).logPosition(), SILVER);
    execute(
        "INSERT INTO %1$s SELECT * FROM %1$s WHERE log_position = " + request(4).logPosition(),
        SILVER);
    execute("UPDATE %s SET amount = 1 WHERE log_position = " + request(6).logPosition(), SILVER);
    var doubled = tuple(Kind.DOUBLED, request(4).logPosition());
    var altered = tuple(Kind.ALTERED, request(6).logPosition());

    var found = loans.reconcile(kurrentdb, Extent.FULL, Payloads.ALL);
    assertClean(of(found, BRONZE));
    assertThat(of(found, SILVER).findings())
        .extracting(Finding::kind, Finding::first)
        .containsExactlyInAnyOrder(tuple(Kind.MISSING, request(2).logPosition()), doubled, altered);
    assertThat(verdicts())
        .containsExactlyInAnyOrder(
            "[missing,LoanRequested,1]", "[doubled,LoanRequested,1]", "[altered,loan_requested,1]");

    loans.repair(kurrentdb);
    var repaired = loans.reconcile(kurrentdb, Extent.FULL, Payloads.ALL);
    assertThat(of(repaired, SILVER).findings())
        .extracting(Finding::kind, Finding::first)
        .containsExactlyInAnyOrder(doubled, altered);
  }

  @Test
  void rowsOfGoldThatAreMissingDoubledOrAlteredAreFoundAndMadeAgain() {
    var streams = log.stream().filter(ReconcileTest::isRequest).map(LogRecord::stream).toList();
    execute("DELETE FROM %s WHERE stream = '" + streams.get(0) + "'", GOLD);
    execute("UPDATE %s SET amount = -1 WHERE stream = '" + streams.get(1) + "'", GOLD);
    execute("INSERT INTO %1$s SELECT * FROM %1$s WHERE stream = '" + streams.get(2) + "'", GOLD);
    execute("DELETE FROM %s WHERE is_current AND stream = '" + streams.get(3) + "'", HISTORY);

    var found = loans.reconcile(kurrentdb);
    assertThat(of(found, GOLD).findings())
        .extracting(Finding::kind, Finding::what)
        .containsExactlyInAnyOrder(
            tuple(Kind.MISSING, streams.get(0)),
            tuple(Kind.ALTERED, streams.get(1)),
            tuple(Kind.DOUBLED, streams.get(2)));
    assertThat(of(found, HISTORY).findings())
        .extracting(Finding::kind, Finding::what)
        .containsExactly(tuple(Kind.MISSING, streams.get(3)));

    assertClean(loans.repair(kurrentdb));
  }

  /** What {@code ops.reconciliation} says of Silver. */
  private List<String> verdicts() {
    return SPARK
        .sql(
            "SELECT kind, what, found FROM delta.`%s/ops/reconciliation` WHERE NOT is_clean"
                .formatted(((Lakehouse.InDirectory) lakehouse).directory()))
        .filter("table_name = 'silver.loan_requested' AND kind IS NOT NULL")
        .collectAsList()
        .stream()
        .map(Row::toString)
        .toList();
  }

  private void execute(String statement, String table) {
    var name = QualifiedName.parse(table);
    SPARK.sql(statement.formatted(lakehouse.table(name).sqlName()));
  }

  private static Comparison of(Reconciliation reconciliation, String table) {
    return reconciliation.comparisons().stream()
        .filter(comparison -> comparison.table().equals(table))
        .findFirst()
        .orElseThrow();
  }

  private static void assertClean(Reconciliation reconciliation) {
    reconciliation.comparisons().forEach(ReconcileTest::assertClean);
  }

  private static void assertClean(Comparison comparison) {
    assertThat(comparison.findings()).as(comparison.table()).isEmpty();
  }

  private static Finding finding(Kind kind, LogRecord event) {
    var day = LocalDate.ofInstant(Instant.ofEpochMilli(event.createdAt()), ZoneOffset.UTC);
    return new Finding(
        kind, Optional.of(day), event.schemaName(), 1, event.logPosition(), event.logPosition());
  }

  private static List<LogRecord> records(long seed, long loans) {
    var records = new ArrayList<LogRecord>();
    SampleLoans.seed(seed).records(loans).forEachRemaining(records::add);
    return records;
  }

  private static LogRecord request(int number) {
    return log.stream().filter(ReconcileTest::isRequest).skip(number).findFirst().orElseThrow();
  }

  private static boolean isRequest(LogRecord event) {
    return event.schemaName().equals("LoanRequested");
  }

  private static boolean isLoan(LogRecord event) {
    return event.stream().startsWith(Loans.CATEGORY + "-");
  }
}
