package io.github.kurrentlake.loans;

import static io.github.kurrentlake.testing.SameRows.assertSameRows;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.testing.SharedSpark;
import io.github.kurrentlake.testing.Trees;
import io.github.kurrentlake.testing.Vacuum;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gold that follows what changed is Gold that is made again. */
@Tag("long")
class RefreshedGoldTest {
  private static final int HISTORIES = 240;
  private static final int STEPS = 4;
  private static final List<TableDeclaration> TABLES =
      LoanLifecycle.LIFECYCLE.tables().stream().map(table -> table.table()).toList();

  private static final SparkSession SPARK = SharedSpark.session();
  @TempDir private Path directory;

  @Test
  void afterEveryStepOfRandomHistoriesTheTablesEqualThoseOfARebuild() {
    var lakehouse = Lakehouse.at(directory.resolve("lakehouse"));
    var histories =
        new RandomHistories(SPARK, lakehouse, HISTORIES, Long.getLong("kurrentlake.seed", 7));
    for (var step = 0; step < STEPS; step++) {
      histories.step(step == 0 ? 6 * HISTORIES : HISTORIES / 3);
      if (step % 2 == 1) {
        SPARK.sql("OPTIMIZE " + lakehouse.table(BronzeTables.EVENTS).sqlName());
        TABLES.forEach(table -> SPARK.sql("OPTIMIZE " + lakehouse.table(table).sqlName()));
      }
      assertThat(Loans.of(SPARK, lakehouse).refresh().notes().toString())
          .contains(step == 0 ? "rebuilt, it held no row" : "refreshed in ");
      TABLES.forEach(table -> assertIsAsIfMadeAnew(lakehouse, table));
      assertThat(Loans.of(SPARK, lakehouse).refresh()).isEqualTo(JobReport.nothingNew());
    }
  }

  @Test
  void aRunThatDiedBetweenTheTablesIsFinishedByTheNext() {
    var before = directory.resolve("before");
    var histories = new RandomHistories(SPARK, Lakehouse.at(before), 20, 11);
    histories.step(60);
    Loans.of(SPARK, Lakehouse.at(before)).refresh();
    histories.step(20);
    var after = Trees.copy(before, directory.resolve("after"));
    Loans.of(SPARK, Lakehouse.at(after)).refresh();

    var half = Trees.copy(before, directory.resolve("half"));
    Trees.delete(half.resolve("gold/loan_lifecycle"));
    Trees.copy(after.resolve("gold/loan_lifecycle"), half.resolve("gold/loan_lifecycle"));
    var lakehouse = Lakehouse.at(half);
    var version = lakehouse.table(TABLES.get(0)).version(SPARK);
    assertThat(Loans.of(SPARK, lakehouse).refresh().notes().toString()).contains("refreshed in ");

    TABLES.forEach(table -> assertIsAsIfMadeAnew(lakehouse, table));
    assertThat(lakehouse.table(TABLES.get(0)).version(SPARK)).isEqualTo(version);
  }

  @Test
  void whatAChangeFeedNoLongerTellsIsReadWhole() throws IOException {
    var lakehouse = Lakehouse.at(directory.resolve("lakehouse"));
    var histories = new RandomHistories(SPARK, lakehouse, 20, 12);
    histories.step(60);
    Loans.of(SPARK, lakehouse).refresh();
    histories.step(20);
    var requested = lakehouse.table(LoanLifecycle.projection("loan_requested").table());
    SPARK.sql("OPTIMIZE " + requested.sqlName());
    Vacuum.allFormerFiles(SPARK, requested);

    assertThat(Loans.of(SPARK, lakehouse).refresh().notes().toString())
        .contains("rebuilt, a change feed has a gap");
    TABLES.forEach(table -> assertIsAsIfMadeAnew(lakehouse, table));
  }

  @Test
  void aTableThatWasMadeAgainIsReadWholeAlthoughItsVersionsHaveTheSameNumbers() {
    var places = List.of(directory.resolve("one"), directory.resolve("other"));
    for (var place : places) {
      new RandomHistories(SPARK, Lakehouse.at(place), 20, 15).step(60);
    }
    var lakehouse = Lakehouse.at(places.get(0));
    Loans.of(SPARK, lakehouse).refresh();
    // A change feed that the refresh asked for is a version more.
    Loans.of(SPARK, Lakehouse.at(places.get(1))).refresh();
    var requested = lakehouse.table(LoanLifecycle.projection("loan_requested").table());
    var version = requested.version(SPARK);
    var table = "silver/loan_requested";
    Trees.delete(places.get(0).resolve(table));
    Trees.copy(places.get(1).resolve(table), places.get(0).resolve(table));
    assertThat(requested.version(SPARK)).isEqualTo(version);

    assertThat(Loans.of(SPARK, lakehouse).refresh().notes().toString())
        .contains("rebuilt, a table it is made of was replaced");
    TABLES.forEach(one -> assertIsAsIfMadeAnew(lakehouse, one));
  }

  /** As tables of older versions have none. */
  @Test
  void aTableWithoutAChangeFeedIsReadWholeOnceAndThenFollowed() {
    var lakehouse = Lakehouse.at(directory.resolve("lakehouse"));
    var loans = Loans.of(SPARK, lakehouse);
    var histories = new RandomHistories(SPARK, lakehouse, 20, 14);
    histories.step(60);
    loans.refresh();
    for (var projection : Loans.projections()) {
      lakehouse
          .table(projection.table())
          .setProperties(SPARK, Map.of("delta.enableChangeDataFeed", "false"));
    }
    // So many that every table gets some.
    histories.step(100);

    assertThat(loans.refresh().notes().toString()).contains("rebuilt, a change feed has a gap");
    TABLES.forEach(table -> assertIsAsIfMadeAnew(lakehouse, table));
    histories.step(20);
    assertThat(loans.refresh().notes().toString()).contains("refreshed in ");
    TABLES.forEach(table -> assertIsAsIfMadeAnew(lakehouse, table));
  }

  @Test
  void theChangeFeedOfGoldHoldsTheRowsThatDiffer() {
    var lakehouse = Lakehouse.at(directory.resolve("lakehouse"));
    var histories = new RandomHistories(SPARK, lakehouse, 40, 13);
    histories.step(120);
    Loans.of(SPARK, lakehouse).refresh();
    var gold = lakehouse.table(TABLES.get(0));
    var version = gold.version(SPARK);
    var before = SPARK.createDataFrame(gold.read(SPARK).collectAsList(), gold.read(SPARK).schema());
    histories.step(5);
    Loans.of(SPARK, lakehouse).refresh();

    var changed =
        gold.changes(SPARK, version, version + 1)
            .filter("_change_type IN ('insert', 'update_postimage')")
            .drop("_change_type", "_commit_version", "_commit_timestamp");
    assertSameRows(changed, gold.read(SPARK).except(before));
    assertThat(changed.count()).isBetween(1L, 5L + 40);
  }

  private static void assertIsAsIfMadeAnew(Lakehouse lakehouse, TableDeclaration table) {
    var rebuilt = Gold.asOf(SPARK, lakehouse, LoanLifecycle.LIFECYCLE, table, Long.MAX_VALUE);
    var held = lakehouse.table(table).read(SPARK);
    assertSameRows(SPARK.createDataFrame(rebuilt.javaRDD(), held.schema()), held);
  }
}
