package io.github.kurrentlake.loans;

import io.github.kurrentlake.bronze.BronzeOptions;
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
    SilverLoanRequested.project(spark, lakehouse);
    SilverCreditChecked.project(spark, lakehouse);
    SilverLoanAutoDecisioned.project(spark, lakehouse);
    SilverLoanManualDecisioned.project(spark, lakehouse);
    SilverAutomatedSummary.project(spark, lakehouse);
    return GoldLoanLifecycle.refresh(spark, lakehouse);
  }

  /** Reads what a node holds, then does the same. */
  static JobReport run(
      SparkSession spark,
      EmbeddedKurrentDb kurrentdb,
      Path secrets,
      Lakehouse lakehouse,
      long batchSize) {
    var defaults = BronzeIngest.options(lakehouse, KurrentDbs.reach(kurrentdb, secrets));
    BronzeIngest.ingest(
        spark,
        new BronzeOptions(
            lakehouse, defaults.kurrentdb(), defaults.category(), defaults.pipeline(), batchSize));
    return silverAndGold(spark, lakehouse);
  }
}
