package io.github.kurrentlake.gold;

import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.table.LakehouseSettings;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** The task of one lifecycle. A main class gives it the declaration, or says where it is. */
public abstract class GoldJob implements Job {
  private static final Setting<Boolean> REBUILD =
      Setting.flag("rebuild", "Whether Gold is made from all events, not from the new ones");

  private final PipelineSource source;

  protected GoldJob(PipelineSource source) {
    this.source = source;
  }

  /** What the task keeps. */
  public final Lifecycle lifecycle(Settings settings) {
    return source.pipeline(settings).lifecycle();
  }

  @Override
  public final List<Setting<?>> settings() {
    return LakehouseSettings.and(source.settings(), REBUILD);
  }

  @Override
  public final JobReport run(SparkSession spark, Settings settings, Progress progress) {
    var lakehouse = LakehouseSettings.lakehouse(settings);
    var lifecycle = lifecycle(settings);
    return settings.get(REBUILD)
        ? Gold.rebuild(spark, lakehouse, lifecycle, progress)
        : Gold.refresh(spark, lakehouse, lifecycle, progress);
  }
}
