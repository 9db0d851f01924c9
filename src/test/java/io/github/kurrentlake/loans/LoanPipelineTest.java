package io.github.kurrentlake.loans;

import static io.github.kurrentlake.testing.SameRows.assertSameRows;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.embedded.loans.SampleLoans;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.testing.KurrentDbs;
import io.github.kurrentlake.testing.SharedSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole pipeline on an embedded KurrentDB over TLS. */
class LoanPipelineTest {
  private static final List<TableDeclaration> TABLES =
      Stream.concat(
              Stream.of(BronzeTables.EVENTS, LoanLifecycle.LIFECYCLE.table()),
              LoanLifecycle.PROJECTIONS.stream().map(projection -> projection.table()))
          .toList();

  private final SparkSession spark = SharedSpark.session();
  @TempDir private Path directory;

  @Test
  void appendingAndRunningAgainGivesTheSameTablesAsRunningOnceWithAll() {
    var log = records(SampleLoans.seed(7), 400);
    var atOnce = lakehouse("at-once");
    var inParts = lakehouse("in-parts");
    try (var kurrentdb = EmbeddedKurrentDb.builder().start()) {
      kurrentdb.append(log.subList(0, 301).stream());
      run(kurrentdb, inParts, 1000);
      kurrentdb.append(log.subList(301, 302).stream());
      run(kurrentdb, inParts, 1000);
      kurrentdb.append(log.subList(302, log.size()).stream());
      // Batches so small that the log takes many of them.
      run(kurrentdb, inParts, 371);
      run(kurrentdb, atOnce, 1_000_000);

      assertThat(loans(atOnce)).isEqualTo(loanStreams(log)).isEqualTo(400);
      TABLES.forEach(table -> assertSameRows(rows(atOnce, table), rows(inParts, table)));

      var versions = versions(inParts);
      assertThat(run(kurrentdb, inParts, 1000)).isEqualTo(JobReport.nothingNew());
      assertThat(versions(inParts)).isEqualTo(versions);
    }
  }

  @Test
  void everyLoanStreamOfTheLogIsALoanHoweverOddItsEvents() {
    var log =
        List.of(
            event(0, 0, "loanRequest-first", "LoanRequested", "{}"),
            event(70, 0, "loanRequest-odd", "LoanRequested", "[{"),
            event(150, 1, "loanRequest-odd", "CreditChecked", ""),
            event(240, 0, "loanRequest-else", "LoanArchived", "{}"),
            event(310, 0, "loanRequest-", "CreditChecked", "{}"),
            event(390, 0, "loanRequest", "CreditChecked", "{}"),
            event(460, 0, "customer-1", "LoanRequested", "{}"));
    var lakehouse = lakehouse("odd");
    try (var kurrentdb = EmbeddedKurrentDb.builder().start()) {
      kurrentdb.append(log.stream());
      run(kurrentdb, lakehouse, 1000);
    }
    assertThat(
            lakehouse
                .table(LoanLifecycle.LIFECYCLE.table())
                .read(spark)
                .select("stream")
                .collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder(
            "loanRequest-first",
            "loanRequest-odd",
            "loanRequest-else",
            "loanRequest-",
            "loanRequest");
  }

  @Test
  void onCompleteLoansGoldEqualsTheGuidesOwnSql() {
    var lakehouse = lakehouse("complete");
    try (var kurrentdb = EmbeddedKurrentDb.builder().start()) {
      kurrentdb.append(SampleLoans.seed(42).complete().records(300));
      run(kurrentdb, lakehouse, 1_000_000);
    }
    var names = new HashMap<String, String>();
    LoanLifecycle.PROJECTIONS.forEach(
        projection -> names.put(projection.name(), lakehouse.table(projection.table()).sqlName()));
    var guide = spark.sql(SqlTemplate.beside(LoanPipelineTest.class, "guide_gold.sql").fill(names));
    var gold = lakehouse.table(LoanLifecycle.LIFECYCLE.table()).read(spark);

    assertThat(guide.columns()).hasSize(34);
    assertThat(guide.filter("credit_score_summary IS NOT NULL AND score IS NOT NULL").count())
        .isEqualTo(300);
    var ours = gold.selectExpr(guide.columns());
    // A table's columns are nullable where the guide's expressions happen not to be.
    assertSameRows(spark.createDataFrame(guide.javaRDD(), ours.schema()), ours);
  }

  private JobReport run(EmbeddedKurrentDb kurrentdb, Lakehouse lakehouse, long batchSize) {
    var defaults = BronzeIngest.options(lakehouse, KurrentDbs.reach(kurrentdb, directory));
    BronzeIngest.ingest(
        spark,
        new BronzeOptions(
            lakehouse, defaults.kurrentdb(), defaults.category(), defaults.pipeline(), batchSize));
    return LoanTasks.silverAndGold(spark, lakehouse);
  }

  private Lakehouse lakehouse(String name) {
    return Lakehouse.at(directory.resolve(name));
  }

  private long loans(Lakehouse lakehouse) {
    return lakehouse.table(LoanLifecycle.LIFECYCLE.table()).read(spark).count();
  }

  /** All columns but the one that says when the run was. */
  private Dataset<Row> rows(Lakehouse lakehouse, TableDeclaration table) {
    return lakehouse.table(table).read(spark).drop("ingested_at");
  }

  private List<Long> versions(Lakehouse lakehouse) {
    return TABLES.stream().map(table -> lakehouse.table(table).version(spark)).toList();
  }

  private static LogRecord event(
      long position, long revision, String stream, String schemaName, String data) {
    var id = UUID.nameUUIDFromBytes(new byte[] {(byte) position});
    return LogRecord.json(position, revision, 1_738_168_933_527L, stream, schemaName, id, data);
  }

  private static long loanStreams(Collection<LogRecord> log) {
    return log.stream()
        .map(LogRecord::stream)
        .filter(stream -> stream.startsWith("loanRequest-"))
        .collect(Collectors.toSet())
        .size();
  }

  private static List<LogRecord> records(SampleLoans sample, long loans) {
    var records = new ArrayList<LogRecord>();
    sample.records(loans).forEachRemaining(records::add);
    return List.copyOf(records);
  }
}
