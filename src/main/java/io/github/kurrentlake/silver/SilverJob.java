package io.github.kurrentlake.silver;

import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.table.LakehouseSettings;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** The task of one projection. A domain's main class gives it the declaration. */
public abstract class SilverJob implements Job {
  private final Projection projection;

  protected SilverJob(Projection projection) {
    this.projection = projection;
  }

  @Override
  public final List<Setting<?>> settings() {
    return List.of(LakehouseSettings.CATALOG);
  }

  @Override
  public final JobReport run(SparkSession spark, Settings settings, Progress progress) {
    return Silver.project(spark, settings.get(LakehouseSettings.CATALOG), projection, progress);
  }
}
