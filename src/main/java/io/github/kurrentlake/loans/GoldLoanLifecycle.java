package io.github.kurrentlake.loans;

import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.LakehouseSettings;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** The task {@code gold_loan_lifecycle}: one row per loan with its state now. */
public final class GoldLoanLifecycle implements Job {

  @Override
  public List<Setting<?>> settings() {
    return LakehouseSettings.and();
  }

  @Override
  public JobReport run(SparkSession spark, Settings settings, Progress progress) {
    var lakehouse = LakehouseSettings.lakehouse(settings);
    return Gold.rebuild(spark, lakehouse, LoanLifecycle.LIFECYCLE, progress);
  }

  /** Rebuilds the table unless it is up to date; for notebooks. */
  public static JobReport rebuild(SparkSession spark, Lakehouse lakehouse) {
    return Gold.rebuild(spark, lakehouse, LoanLifecycle.LIFECYCLE, Progress.unwatched());
  }

  public static void main(String[] arguments) {
    JobMain.run(new GoldLoanLifecycle(), arguments);
  }
}
