package io.github.kurrentlake.loans;

import io.github.kurrentlake.bronze.Bronze;
import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.source.KurrentDbSettings;
import io.github.kurrentlake.source.SourceOption;
import io.github.kurrentlake.table.LakehouseSettings;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** The task {@code bronze_ingest}: new loan events from KurrentDB. */
public final class BronzeIngest implements Job {
  static final String PIPELINE = "kurrent_to_bronze";

  /** One commit of this many events keeps Delta's fixed cost small and a lost batch cheap. */
  static final long DEFAULT_BATCH_SIZE = 1_000_000;

  public static final Setting<Long> BATCH_SIZE =
      Setting.number("batch-size", 1, "Events per commit at most")
          .fallback(String.valueOf(DEFAULT_BATCH_SIZE));

  public static final Setting<Long> OVERLAP =
      Setting.number(
              "overlap",
              0,
              "Bytes of the log below the high-water mark that are read again, for events of legacy"
                  + " transactions, which appear there late")
          .fallback("0");

  static final Setting<String> CATEGORY =
      SourceOption.CATEGORY.ofTask().fallback(LoanLifecycle.CATEGORY);

  @Override
  public List<Setting<?>> settings() {
    return LakehouseSettings.and(
        KurrentDbSettings.ENDPOINT, KurrentDbSettings.TLS_CA, CATEGORY, BATCH_SIZE, OVERLAP);
  }

  @Override
  public JobReport run(SparkSession spark, Settings settings, Progress progress) {
    return Bronze.ingest(spark, options(settings, settings.get(CATEGORY)), progress);
  }

  /** What the settings ask for, but for the category. */
  static BronzeOptions options(Settings settings, String category) {
    return new BronzeOptions(
        LakehouseSettings.lakehouse(settings),
        KurrentDbSettings.kurrentdb(settings),
        category,
        PIPELINE,
        settings.get(BATCH_SIZE),
        settings.get(OVERLAP));
  }

  public static void main(String[] arguments) {
    JobMain.run(new BronzeIngest(), arguments);
  }
}
