package io.github.kurrentlake.loans;

import io.github.kurrentlake.continuous.Continuous;
import io.github.kurrentlake.continuous.Round;
import io.github.kurrentlake.continuous.Termination;
import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.silver.SilverJob;
import io.github.kurrentlake.source.KurrentDbSettings;
import io.github.kurrentlake.table.LakehouseSettings;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/** The task {@code follow_loans}: all of the workflow's tasks in rounds, until it is stopped. */
public final class FollowLoans implements Job {
  static final Duration DEFAULT_PAUSE = Duration.ofSeconds(1);

  public static final Setting<Duration> PAUSE =
      Setting.duration("pause", "Wait before asking again when there was nothing new")
          .fallback(DEFAULT_PAUSE.toSeconds() + "s");

  private static final Setting<Duration> FOR =
      Setting.duration("for", "Time after which no round begins any more; without it, it goes on")
          .optional();

  @Override
  public List<Setting<?>> settings() {
    return LakehouseSettings.and(
        KurrentDbSettings.ENDPOINT,
        KurrentDbSettings.TLS_CA,
        BronzeIngest.BATCH_SIZE,
        BronzeIngest.OVERLAP,
        SilverJob.TIMESTAMP_ZONE,
        PAUSE,
        FOR);
  }

  @Override
  public JobReport run(SparkSession spark, Settings settings, Progress progress) {
    try (var termination = Termination.ofProcess()) {
      return follow(spark, settings, termination, round -> {});
    }
  }

  /** Does the same until it is asked to end, and tells of each round that moved something. */
  public JobReport follow(
      SparkSession spark, Settings settings, Termination termination, Consumer<Round> listener) {
    return Continuous.run(
        spark,
        BronzeIngest.options(settings, LoanLifecycle.CATEGORY),
        LoanLifecycle.LIFECYCLE,
        settings.get(SilverJob.TIMESTAMP_ZONE),
        settings.get(PAUSE),
        settings.find(FOR),
        termination,
        listener);
  }

  public static void main(String[] arguments) {
    JobMain.run(new FollowLoans(), arguments);
  }
}
