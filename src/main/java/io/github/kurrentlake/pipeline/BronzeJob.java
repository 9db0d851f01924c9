package io.github.kurrentlake.pipeline;

import io.github.kurrentlake.bronze.Bronze;
import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.gold.PipelineSource;
import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.source.KurrentDbSettings;
import io.github.kurrentlake.table.LakehouseSettings;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** The task that brings a pipeline's new events from KurrentDB into Bronze. */
public abstract class BronzeJob implements Job {
  public static final Setting<Long> BATCH_SIZE =
      Setting.number("batch-size", 1, "Events per commit at most")
          .fallback(String.valueOf(BronzeOptions.DEFAULT_BATCH_SIZE));

  public static final Setting<Long> OVERLAP =
      Setting.number(
              "overlap",
              0,
              "Bytes of the log below the high-water mark that are read again, for events of legacy"
                  + " transactions, which appear there late")
          .fallback("0");

  private final PipelineSource source;

  protected BronzeJob(PipelineSource source) {
    this.source = source;
  }

  @Override
  public final List<Setting<?>> settings() {
    return settings(source);
  }

  @Override
  public final JobReport run(SparkSession spark, Settings settings, Progress progress) {
    return Bronze.ingest(spark, options(source, settings), progress);
  }

  /** The settings of a task that fills Bronze, and some of its own. */
  static List<Setting<?>> settings(PipelineSource source, Setting<?>... others) {
    var ours = Stream.of(KurrentDbSettings.ENDPOINT, KurrentDbSettings.TLS_CA, BATCH_SIZE, OVERLAP);
    return LakehouseSettings.and(
        source.settings(), Stream.concat(ours, Stream.of(others)).toArray(Setting<?>[]::new));
  }

  /** What the settings ask for. */
  static BronzeOptions options(PipelineSource source, Settings settings) {
    var pipeline = source.pipeline(settings);
    return new BronzeOptions(
        LakehouseSettings.lakehouse(settings),
        KurrentDbSettings.kurrentdb(settings),
        pipeline.lifecycle().category(),
        pipeline.name(),
        settings.get(BATCH_SIZE),
        settings.get(OVERLAP));
  }
}
