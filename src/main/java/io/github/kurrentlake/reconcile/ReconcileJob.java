package io.github.kurrentlake.reconcile;

import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.gold.PipelineSource;
import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.reconcile.ReconcileOptions.Extent;
import io.github.kurrentlake.reconcile.ReconcileOptions.Payloads;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.source.KurrentDbSettings;
import io.github.kurrentlake.table.LakehouseSettings;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/**
 * The task that proves a lifecycle complete. A main class gives it the pipeline, or says where it
 * is. It fails when something is missing, doubled or altered, and says what.
 */
public abstract class ReconcileJob implements Job {
  public static final Setting<Boolean> FULL =
      Setting.flag("full", "Whether all of the log is compared, not only what has changed");

  public static final Setting<Payloads> PAYLOADS =
      Setting.choice("payloads", Payloads.class, "Whose payloads are compared too")
          .fallback("none");

  public static final Setting<Boolean> REPAIR =
      Setting.flag("repair", "Whether what is missing is brought again");

  private final PipelineSource source;

  protected ReconcileJob(PipelineSource source) {
    this.source = source;
  }

  @Override
  public final List<Setting<?>> settings() {
    return LakehouseSettings.and(
        source.settings(),
        KurrentDbSettings.ENDPOINT,
        KurrentDbSettings.TLS_CA,
        FULL,
        PAYLOADS,
        REPAIR);
  }

  /** In: events compared; out: verdicts. */
  @Override
  public final JobReport run(SparkSession spark, Settings settings, Progress progress) {
    var reconciliation = reconcile(spark, settings, progress);
    requireClean(reconciliation);
    var compared = reconciliation.comparisons();
    return new JobReport(compared.get(0).expected(), compared.size())
        .noting(reconciliation.notes());
  }

  /** Does the same, and gives the result also when it is not clean. */
  public final Reconciliation reconcile(SparkSession spark, Settings settings, Progress progress) {
    var lakehouse = LakehouseSettings.lakehouse(settings);
    var pipeline = source.pipeline(settings);
    var options =
        new ReconcileOptions(
            new BronzeOptions(
                lakehouse,
                KurrentDbSettings.kurrentdb(settings),
                pipeline.lifecycle().category(),
                pipeline.name(),
                Long.MAX_VALUE),
            pipeline.lifecycle(),
            pipeline.zone(),
            settings.get(FULL) ? Extent.FULL : Extent.CHANGED,
            settings.get(PAYLOADS));
    return settings.get(REPAIR)
        ? Repair.run(spark, options, progress)
        : Reconciliation.run(spark, options);
  }

  /**
   * Fails with what is wrong.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-324 with every difference
   */
  public static void requireClean(Reconciliation reconciliation) {
    if (reconciliation.isClean()) {
      return;
    }
    var error = ErrorCode.LAYERS_DIFFER.error();
    for (var comparison : reconciliation.comparisons()) {
      var wrong =
          comparison.findings().stream()
              .filter(finding -> finding.kind().isError())
              .map(Finding::toString)
              .collect(Collectors.joining("; "));
      error = wrong.isEmpty() ? error : error.with(comparison.table(), wrong);
    }
    throw error;
  }
}
