package io.github.kurrentlake.loans;

import static io.github.kurrentlake.testing.SameRows.assertSameRows;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.embedded.loans.SampleLoans;
import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.testing.SharedSpark;
import io.github.kurrentlake.testing.Trees;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole pipeline on an embedded KurrentDB over TLS. */
class LoanPipelineTest {
  private static final List<TableDeclaration> TABLES =
      Stream.concat(
              Stream.concat(
                  Stream.of(BronzeTables.EVENTS),
                  LoanLifecycle.LIFECYCLE.tables().stream().map(table -> table.table())),
              Loans.projections().stream().map(projection -> projection.table()))
          .toList();

  private static final SparkSession SPARK = SharedSpark.session();
  @TempDir private static Path directory;
  private static List<LogRecord> log;
  private static Lakehouse atOnce;
  private static Lakehouse inParts;

  /** As the run over the first part of the log left it. */
  private static Lakehouse cut;

  /** The log is read in one run, and in two while it grows, with a node in the same JVM. */
  @BeforeAll
  static void readTheLog() {
    log = new ArrayList<>(records(SampleLoans.seed(7), 200));
    var end = log.get(log.size() - 1).logPosition();
    log.addAll(
        List.of(
            event(end + 70, 0, "loanRequest-first", "LoanRequested", "{}"),
            event(end + 150, 0, "loanRequest-odd", "LoanRequested", "[{"),
            event(end + 240, 1, "loanRequest-odd", "CreditChecked", ""),
            event(end + 310, 0, "loanRequest-else", "LoanArchived", "{}"),
            event(end + 390, 0, "loanRequest-", "CreditChecked", "{}"),
            event(end + 460, 0, "loanRequest", "CreditChecked", "{}"),
            event(end + 500, 0, "customer-1", "LoanRequested", "{}")));
    atOnce = lakehouse("at-once");
    inParts = lakehouse("in-parts");
    try (var kurrentdb = EmbeddedKurrentDb.builder().start()) {
      kurrentdb.append(log.subList(0, 301).stream());
      LoanTasks.run(SPARK, kurrentdb, directory, inParts, 1000);
      cut = Lakehouse.at(Trees.copy(directory.resolve("in-parts"), directory.resolve("cut")));
      kurrentdb.append(log.subList(301, log.size()).stream());
      // Batches so small that the log takes several of them.
      LoanTasks.run(SPARK, kurrentdb, directory, inParts, 371);
      LoanTasks.run(SPARK, kurrentdb, directory, atOnce, 1_000_000);
    }
  }

  @Test
  void appendingAndRunningAgainGivesTheSameTablesAsRunningOnceWithAll() {
    TABLES.forEach(table -> assertSameRows(rows(atOnce, table), rows(inParts, table)));
  }

  @Test
  void goldAsOfAPositionIsThatOfARunOverTheLogUpToThere() {
    assertAsOf(log.get(300).logPosition(), cut);
    assertThat(Loans.of(SPARK, atOnce).asOf(Long.MAX_VALUE).count())
        .isEqualTo(rows(atOnce, LoanLifecycle.LIFECYCLE.table()).count());
    assertThat(Loans.of(SPARK, atOnce).asOf(-1).count()).isZero();
  }

  @Tag("long")
  @Test
  void goldAsOfAnyPositionIsThatOfARunOverTheLogUpToThere() {
    var random = new Random(Long.getLong("kurrentlake.seed", 5));
    for (var round = 0; round < 4; round++) {
      var events = 1 + random.nextInt(log.size() - 1);
      var upToThere = lakehouse("cut-after-" + events);
      try (var kurrentdb = EmbeddedKurrentDb.builder().start()) {
        kurrentdb.append(log.subList(0, events).stream());
        LoanTasks.run(SPARK, kurrentdb, directory, upToThere, 1_000_000);
      }
      assertAsOf(log.get(events - 1).logPosition(), upToThere);
    }
  }

  /** Both tables, with what is in quarantine. */
  private static void assertAsOf(long position, Lakehouse upToThere) {
    for (var table : LoanLifecycle.LIFECYCLE.tables()) {
      var then = rows(upToThere, table.table());
      var asOf = Gold.asOf(SPARK, atOnce, LoanLifecycle.LIFECYCLE, table.table(), position);
      assertSameRows(SPARK.createDataFrame(asOf.javaRDD(), then.schema()), then);
    }
  }

  @Test
  void aTimeStandsForTheLastEventThatWasRecordedByThen() {
    var last = log.get(300);
    var lifecycle = LoanLifecycle.LIFECYCLE;
    var time = Instant.ofEpochMilli(last.createdAt());
    var latestByThen =
        log.stream()
            .filter(record -> record.createdAt() <= last.createdAt())
            .filter(record -> record.stream().split("-", 2)[0].equals("loanRequest"))
            .mapToLong(LogRecord::logPosition)
            .max();
    assertThat(Gold.positionAt(SPARK, atOnce, lifecycle, time))
        .isEqualTo(latestByThen.orElseThrow());
    assertThat(Gold.positionAt(SPARK, atOnce, lifecycle, Instant.EPOCH)).isEqualTo(-1);
  }

  @Test
  void theDifferenceOfTwoPositionsIsThatOfTheTablesThen() {
    var now = rows(atOnce, LoanLifecycle.LIFECYCLE.table());
    var then = rows(cut, LoanLifecycle.LIFECYCLE.table());
    var difference =
        Gold.difference(
                SPARK, atOnce, LoanLifecycle.LIFECYCLE, log.get(300).logPosition(), Long.MAX_VALUE)
            .cache();

    assertThat(difference.filter("change = 'came'").select("stream").distinct().count())
        .isEqualTo(now.count() - then.count())
        .isPositive();
    assertThat(difference.filter("change = 'gone'").count()).isZero();
    var statuses =
        then.join(now, "stream")
            .filter(then.col("laststatus").notEqual(now.col("laststatus")))
            .select(
                functions.col("stream"),
                functions.lit("changed"),
                functions.lit("laststatus"),
                then.col("laststatus"),
                now.col("laststatus"));
    var found = difference.filter("change = 'changed' AND column = 'laststatus'");
    assertSameRows(SPARK.createDataFrame(statuses.javaRDD(), found.schema()), found);
    assertThat(found.count()).isPositive();
  }

  @Test
  void aRunThatFindsNothingNewWritesNothing() {
    var versions = versions(inParts);
    try (var kurrentdb = EmbeddedKurrentDb.builder().start()) {
      kurrentdb.append(log.stream());
      assertThat(LoanTasks.run(SPARK, kurrentdb, directory, inParts, 1000))
          .isEqualTo(JobReport.nothingNew());
    }
    assertThat(versions(inParts)).isEqualTo(versions);
  }

  @Test
  void everyLoanStreamOfTheLogIsALoanHoweverOddItsEvents() {
    assertThat(
            atOnce
                .table(LoanLifecycle.LIFECYCLE.table())
                .read(SPARK)
                .select("stream")
                .collectAsList())
        .extracting(row -> row.getString(0))
        .contains("loanRequest-", "loanRequest", "loanRequest-odd", "loanRequest-else")
        .containsExactlyInAnyOrderElementsOf(
            log.stream()
                .map(LogRecord::stream)
                .filter(stream -> stream.split("-", 2)[0].equals("loanRequest"))
                .collect(Collectors.toSet()));
  }

  private static Lakehouse lakehouse(String name) {
    return Lakehouse.at(directory.resolve(name));
  }

  /** All columns but the one that says when the run was. */
  private static Dataset<Row> rows(Lakehouse lakehouse, TableDeclaration table) {
    return lakehouse.table(table).read(SPARK).drop("ingested_at");
  }

  private static List<Long> versions(Lakehouse lakehouse) {
    return TABLES.stream().map(table -> lakehouse.table(table).version(SPARK)).toList();
  }

  private static LogRecord event(
      long position, long revision, String stream, String schemaName, String data) {
    var id = UUID.nameUUIDFromBytes(Long.toString(position).getBytes(UTF_8));
    return LogRecord.json(position, revision, 1_738_168_933_527L, stream, schemaName, id, data);
  }

  private static List<LogRecord> records(SampleLoans sample, long loans) {
    var records = new ArrayList<LogRecord>();
    sample.records(loans).forEachRemaining(records::add);
    return List.copyOf(records);
  }
}
