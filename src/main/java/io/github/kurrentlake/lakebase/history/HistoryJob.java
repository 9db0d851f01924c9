package io.github.kurrentlake.lakebase.history;

import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.table.LakehouseSettings;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** The task that keeps the history of a Postgres table in Silver. */
public final class HistoryJob implements Job {
  private static final Setting<String> TABLE =
      Setting.text("table", "The table in bronze, which has the name of that in Postgres");
  private static final Setting<List<String>> KEY =
      Setting.names("key-columns", "The table's primary key");

  @Override
  public List<Setting<?>> settings() {
    return LakehouseSettings.and(TABLE, KEY);
  }

  @Override
  public JobReport run(SparkSession spark, Settings settings, Progress progress) {
    return LakebaseHistory.update(
        spark,
        LakehouseSettings.lakehouse(settings),
        settings.get(TABLE),
        settings.get(KEY),
        progress);
  }

  public static void main(String[] arguments) {
    JobMain.run(new HistoryJob(), arguments);
  }
}
