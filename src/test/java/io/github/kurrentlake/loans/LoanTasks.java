package io.github.kurrentlake.loans;

import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.KurrentDbs;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** Runs the tasks after Bronze one after the other, as a notebook would. */
final class LoanTasks {
  private LoanTasks() {}

  static JobReport silverAndGold(SparkSession spark, Lakehouse lakehouse) {
    var loans = Loans.of(spark, lakehouse);
    loans.project();
    return loans.refresh();
  }

  /** Reads what a node holds, then does the same. */
  static JobReport run(
      SparkSession spark,
      EmbeddedKurrentDb kurrentdb,
      Path secrets,
      Lakehouse lakehouse,
      long batchSize) {
    Loans.of(spark, lakehouse).ingest(KurrentDbs.reach(kurrentdb, secrets), batchSize);
    return silverAndGold(spark, lakehouse);
  }
}
