package io.github.kurrentlake.loans;

import static io.github.kurrentlake.testing.SameRows.assertSameRows;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.testing.SharedSpark;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gold that follows what changed is Gold that is made anew. */
@Tag("long")
class RefreshedGoldTest {
  private static final int HISTORIES = 240;
  private static final int STEPS = 6;
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
      assertThat(GoldLoanLifecycle.refresh(SPARK, lakehouse).notes().toString())
          .contains(step == 0 ? "rebuilt, it held no row" : "refreshed in ");
      TABLES.forEach(table -> assertIsAsIfMadeAnew(lakehouse, table));
      assertThat(GoldLoanLifecycle.refresh(SPARK, lakehouse)).isEqualTo(JobReport.nothingNew());
    }
  }

  private static void assertIsAsIfMadeAnew(Lakehouse lakehouse, TableDeclaration table) {
    var anew = Gold.asOf(SPARK, lakehouse, LoanLifecycle.LIFECYCLE, table, Long.MAX_VALUE);
    var held = lakehouse.table(table).read(SPARK);
    assertSameRows(SPARK.createDataFrame(anew.javaRDD(), held.schema()), held);
  }
}
