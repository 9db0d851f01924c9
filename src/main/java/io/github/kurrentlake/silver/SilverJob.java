package io.github.kurrentlake.silver;

import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.table.LakehouseSettings;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** The task of one projection. A main class gives it the declaration, or says where it is. */
public abstract class SilverJob implements Job {
  public static final Setting<ZoneId> TIMESTAMP_ZONE =
      Setting.text("timestamp-zone", "Zone of timestamps that name none, such as Europe/Berlin")
          .fallback("UTC")
          .as(SilverJob::zone);

  private final ProjectionSource source;

  protected SilverJob(ProjectionSource source) {
    this.source = source;
  }

  protected SilverJob(Projection projection) {
    this(ProjectionSource.of(projection));
  }

  /** What the task projects. */
  public final Projection projection(Settings settings) {
    return source.projection().apply(settings);
  }

  @Override
  public final List<Setting<?>> settings() {
    return LakehouseSettings.and(source.settings());
  }

  @Override
  public final JobReport run(SparkSession spark, Settings settings, Progress progress) {
    return Silver.project(
        spark,
        LakehouseSettings.lakehouse(settings),
        projection(settings),
        source.zone().apply(settings),
        progress);
  }

  private static ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("a zone such as Europe/Berlin, UTC or +02:00", e);
    }
  }
}
