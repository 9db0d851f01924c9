package io.github.kurrentlake.lakebase.history;

import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.table.LakehouseSettings;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** The task that keeps the history of a Postgres table in Silver. */
public final class HistoryJob implements Job {
  private static final Setting<String> TABLE =
      Setting.text("table", "the table in bronze, which is that in Postgres");
  private static final Setting<List<String>> KEY =
      Setting.text("key-columns", "the table's primary key, with commas between")
          .as(HistoryJob::names);

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

  private static List<String> names(String text) {
    var names = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    if (names.contains("")) {
      throw new IllegalArgumentException("names with commas between");
    }
    return names;
  }
}
