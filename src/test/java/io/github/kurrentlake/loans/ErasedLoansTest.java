package io.github.kurrentlake.loans;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.embedded.loans.SampleLoans;
import io.github.kurrentlake.erase.Erasures;
import io.github.kurrentlake.reconcile.Finding.Kind;
import io.github.kurrentlake.reconcile.ReconcileOptions.Extent;
import io.github.kurrentlake.reconcile.ReconcileOptions.Payloads;
import io.github.kurrentlake.reconcile.Reconciliation;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.source.KurrentDb;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.testing.KurrentDbs;
import io.github.kurrentlake.testing.SharedSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loan that was erased, while KurrentDB has it still. */
class ErasedLoansTest {
  private static final SparkSession SPARK = SharedSpark.session();

  @TempDir private Path directory;
  private Lakehouse lakehouse;
  private Loans loans;

  @Tag("long")
  @Test
  void anErasedLoanStaysAwayThoughTheLogIsReadAgain() {
    lakehouse = Lakehouse.at(directory.resolve("lakehouse"));
    loans = Loans.of(SPARK, lakehouse);
    try (var node = EmbeddedKurrentDb.builder().start()) {
      var log = new ArrayList<LogRecord>();
      SampleLoans.seed(3).records(12).forEachRemaining(log::add);
      node.append(log.stream());
      var kurrentdb = KurrentDbs.reach(node, directory);
      run(kurrentdb);
      // The last in the log, by which another log would be known.
      var last = bronze("true").orderBy(functions.col("log_position").desc()).head();
      var stream = last.<String>getAs("stream");
      var events = bronze("stream = '" + stream + "'").count();
      var erasures = loans.erasures();
      assertThat(erasures.erase(stream).rowsRemoved())
          .containsEntry("bronze.events", events)
          .containsKeys("gold.loan_lifecycle", "gold.loan_status_history");
      assertErased(erasures, stream);

      run(kurrentdb);
      assertErased(erasures, stream);
      assertErasedAndClean(loans.reconcile(kurrentdb, Extent.FULL, Payloads.ALL), events);

      SPARK.sql(
          "UPDATE %s SET last_position = -1"
              .formatted(lakehouse.table(BronzeTables.INGEST_HWM).sqlName()));
      Loans.projections().forEach(one -> Silver.forget(SPARK, lakehouse, one));
      run(kurrentdb);
      loans.rebuild();
      loans.readModel(kurrentdb);
      assertErased(erasures, stream);
      assertErasedAndClean(loans.reconcile(kurrentdb, Extent.FULL, Payloads.NONE), events);
    }
  }

  @Test
  void noTableKeepsStatisticsOfPersonalColumns() {
    var tables =
        Stream.of(
                Loans.projections().stream().map(projection -> projection.table()),
                LoanLifecycle.LIFECYCLE.tables().stream().map(gold -> gold.table()),
                Stream.of(
                    BronzeTables.EVENTS,
                    QuarantineTable.DECLARATION,
                    LoanReadModel.TABLE,
                    GoldLoanReviews.TABLE))
            .flatMap(declarations -> declarations);
    assertThat(tables)
        .allSatisfy(
            table -> {
              var personal =
                  table.columns().stream().filter(Column::isPersonal).map(Column::name).toList();
              assertThat(personal).contains("stream");
              assertThat(table.properties().get(TableDeclaration.STATISTICS).split(","))
                  .doesNotContainAnyElementsOf(personal);
            });
  }

  private void run(KurrentDb kurrentdb) {
    loans.ingest(kurrentdb);
    LoanTasks.silverAndGold(SPARK, lakehouse);
  }

  private static void assertErased(Erasures erasures, String stream) {
    assertThat(erasures.report(stream)).allSatisfy(table -> assertThat(table.rows()).isZero());
  }

  private static void assertErasedAndClean(Reconciliation reconciliation, long events) {
    assertThat(reconciliation.isClean()).isTrue();
    assertThat(reconciliation.comparisons())
        .allSatisfy(table -> assertThat(table.found()).isEqualTo(table.expected()));
    assertThat(reconciliation.comparisons().get(0).findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.kind()).isEqualTo(Kind.ERASED);
              assertThat(finding.events()).isEqualTo(events);
            });
  }

  private Dataset<Row> bronze(String condition) {
    return lakehouse.table(BronzeTables.EVENTS).read(SPARK).filter(condition);
  }
}
