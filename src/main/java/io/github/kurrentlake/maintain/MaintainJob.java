package io.github.kurrentlake.maintain;

import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.gold.PipelineSource;
import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.maintain.Maintained.Action;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.table.LakehouseSettings;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;

/** The task that maintains the tables. A main class gives it the pipeline, or says where it is. */
public abstract class MaintainJob implements Job {
  public static final Setting<Long> AFTER_COMMITS =
      Setting.number(
              "after-commits", 1, "Commits that a table has before its files are put together")
          .fallback("24");

  private final PipelineSource source;
  private final Function<Lifecycle, List<TableDeclaration>> tables;

  /**
   * The task of a pipeline.
   *
   * @param tables of its lifecycle, in the order in which they are maintained
   */
  protected MaintainJob(PipelineSource source, Function<Lifecycle, List<TableDeclaration>> tables) {
    this.source = source;
    this.tables = tables;
  }

  @Override
  public final List<Setting<?>> settings() {
    return LakehouseSettings.and(source.settings(), AFTER_COMMITS);
  }

  @Override
  public final JobReport run(SparkSession spark, Settings settings, Progress progress) {
    return JobReport.nothingNew()
        .noting(
            maintain(spark, settings).stream()
                .filter(one -> one.action() != Action.NONE)
                .map(MaintainJob::note)
                .toList());
  }

  /** Does the same, and gives what became of each table. */
  public final List<Maintained> maintain(SparkSession spark, Settings settings) {
    var lifecycle = source.pipeline(settings).lifecycle();
    return Maintenance.run(
        spark,
        LakehouseSettings.lakehouse(settings),
        tables.apply(lifecycle),
        lifecycle,
        settings.get(AFTER_COMMITS));
  }

  private static String note(Maintained one) {
    return "%s: %,d files became %,d (%s)"
        .formatted(one.table(), one.before().files(), one.after().files(), one.reason());
  }
}
