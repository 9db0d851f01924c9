package io.github.kurrentlake.loans;

import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.silver.SilverJob;
import io.github.kurrentlake.source.KurrentDbSettings;
import io.github.kurrentlake.status.Status;
import io.github.kurrentlake.table.LakehouseSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** How the loans' layers stand. */
public final class LoanStatus {
  public static final List<Setting<?>> SETTINGS =
      LakehouseSettings.and(KurrentDbSettings.ENDPOINT, KurrentDbSettings.TLS_CA);

  /** By a table's name the simple name of the main class of its task. */
  private static final Map<String, String> TASKS = tasks();

  private LoanStatus() {}

  /** The status of the lakehouse and the cluster that the settings name. */
  public static Status of(SparkSession spark, Settings settings) {
    return of(
        spark,
        new BronzeOptions(
            LakehouseSettings.lakehouse(settings),
            KurrentDbSettings.kurrentdb(settings),
            LoanLifecycle.CATEGORY,
            BronzeIngest.PIPELINE,
            BronzeIngest.DEFAULT_BATCH_SIZE));
  }

  static Status of(SparkSession spark, BronzeOptions options) {
    return Status.of(spark, options, LoanLifecycle.LIFECYCLE, TASKS);
  }

  private static Map<String, String> tasks() {
    var tasks = new HashMap<String, String>();
    tasks.put(BronzeTables.EVENTS.qualifiedName().toString(), BronzeIngest.class.getSimpleName());
    for (SilverJob job :
        List.of(
            new SilverLoanRequested(),
            new SilverCreditChecked(),
            new SilverLoanAutoDecisioned(),
            new SilverLoanManualDecisioned(),
            new SilverAutomatedSummary())) {
      tasks.put(
          job.projection().table().qualifiedName().toString(), job.getClass().getSimpleName());
    }
    tasks.put(
        LoanLifecycle.LIFECYCLE.table().qualifiedName().toString(),
        GoldLoanLifecycle.class.getSimpleName());
    return Map.copyOf(tasks);
  }
}
