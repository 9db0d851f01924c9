package io.github.kurrentlake.loans;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.bench.TableRows;
import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.loans.SampleLoans;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.SharedSpark;
import io.github.kurrentlake.testing.Trees;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The statements by which the guide rebuilds everything, as it prints them. */
@Tag("long")
class GuideRecoveryTest {
  /** In the guide's order, from its section "Recovery and replay". */
  private static final List<String> STATEMENTS =
      List.of(
          "TRUNCATE TABLE loan_lakehouse.bronze.events",
          "TRUNCATE TABLE loan_lakehouse.silver.loan_requested",
          "TRUNCATE TABLE loan_lakehouse.silver.credit_checked",
          "TRUNCATE TABLE loan_lakehouse.silver.loan_auto_decisioned",
          "TRUNCATE TABLE loan_lakehouse.silver.loan_manual_decisioned",
          "TRUNCATE TABLE loan_lakehouse.silver.automated_summary",
          "DROP TABLE loan_lakehouse.gold.loan_lifecycle",
          "UPDATE loan_lakehouse.ops.ingest_hwm"
              + " SET last_position = 0 WHERE pipeline_name = 'kurrent_to_bronze'");

  private static final SparkSession SPARK = SharedSpark.session();
  private static final List<String> SCHEMAS = List.of("bronze", "silver", "gold", "ops");

  @TempDir private static Path directory;
  private static EmbeddedKurrentDb kurrentdb;
  private static Lakehouse lakehouse;
  private static Lakehouse undisturbed;

  @BeforeAll
  static void runUndisturbed() {
    for (var schema : SCHEMAS) {
      SPARK.sql(
          "CREATE SCHEMA spark_catalog.%s LOCATION '%s'"
              .formatted(schema, directory.resolve("catalog").resolve(schema)));
    }
    kurrentdb = EmbeddedKurrentDb.builder().start();
    kurrentdb.append(SampleLoans.seed(3).records(12));
    lakehouse = Lakehouse.parse("spark_catalog").checkpointsIn(checkpoints().toString());
    run(lakehouse);
    undisturbed =
        Lakehouse.at(Trees.copy(directory.resolve("catalog"), directory.resolve("undisturbed")));
  }

  @AfterAll
  static void forget() {
    kurrentdb.close();
    SCHEMAS.forEach(schema -> SPARK.sql("DROP SCHEMA spark_catalog." + schema + " CASCADE"));
  }

  @Test
  void theGuidesRecoveryEndsInTheSameTables() {
    STATEMENTS.forEach(GuideRecoveryTest::execute);
    run(lakehouse);
    assertRight();
  }

  /** "Silver's Change Data Feed checkpoints can be reset", says the guide. */
  @Test
  void soItDoesWithTheCheckpointsRemoved() {
    STATEMENTS.forEach(GuideRecoveryTest::execute);
    Trees.delete(checkpoints());
    run(lakehouse);
    assertRight();
  }

  private static void run(Lakehouse lakehouse) {
    LoanTasks.run(SPARK, kurrentdb, directory, lakehouse, 1_000_000);
  }

  private static void assertRight() {
    var compared = TableRows.compare(SPARK, undisturbed, lakehouse);
    assertThat(compared.differing()).isEmpty();
    assertThat(compared.rows()).isPositive();
  }

  /** Spark's own catalog stands for the guide's. */
  private static void execute(String statement) {
    SPARK.sql(statement.replace("loan_lakehouse", "spark_catalog"));
  }

  private static Path checkpoints() {
    return directory.resolve("checkpoints");
  }
}
