package io.github.kurrentlake.loans;

import static io.github.kurrentlake.testing.SameRows.assertSameRows;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.loans.SampleLoans;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.testing.SharedSpark;
import java.nio.file.Path;
import java.util.HashMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gold as the guide's own SQL makes it of the same Silver. */
class GuideGoldTest {
  private static final SparkSession SPARK = SharedSpark.session();
  @TempDir private Path directory;

  @Test
  void onCompleteLoansOursEqualsIt() {
    var lakehouse = Lakehouse.at(directory.resolve("lakehouse"));
    try (var kurrentdb = EmbeddedKurrentDb.builder().start()) {
      kurrentdb.append(SampleLoans.seed(42).complete().records(100));
      LoanTasks.run(SPARK, kurrentdb, directory, lakehouse, 1_000_000);
    }
    var names = new HashMap<String, String>();
    Loans.projections()
        .forEach(
            projection ->
                names.put(projection.name(), lakehouse.table(projection.table()).sqlName()));
    var guide = SPARK.sql(SqlTemplate.beside(GuideGoldTest.class, "guide_gold.sql").fill(names));
    var gold = lakehouse.table(LoanLifecycle.LIFECYCLE.table()).read(SPARK);

    assertThat(guide.columns()).hasSize(34);
    assertThat(guide.filter("credit_score_summary IS NOT NULL AND score IS NOT NULL").count())
        .isEqualTo(100);
    var ours = gold.selectExpr(guide.columns());
    // A table's columns are nullable where the guide's expressions happen not to be.
    assertSameRows(SPARK.createDataFrame(guide.javaRDD(), ours.schema()), ours);
  }
}
