package io.github.kurrentlake.pipeline;

import io.github.kurrentlake.continuous.Continuous;
import io.github.kurrentlake.continuous.Round;
import io.github.kurrentlake.continuous.Termination;
import io.github.kurrentlake.gold.PipelineSource;
import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/** The task that does the work of all others in rounds, until it is stopped. */
public abstract class FollowJob implements Job {
  static final Duration DEFAULT_PAUSE = Duration.ofSeconds(1);

  public static final Setting<Duration> PAUSE =
      Setting.duration("pause", "Wait before asking again when there was nothing new")
          .fallback(DEFAULT_PAUSE.toSeconds() + "s");

  private static final Setting<Duration> FOR =
      Setting.duration("for", "Time after which no round begins any more; without it, it goes on")
          .optional();

  private final PipelineSource source;

  protected FollowJob(PipelineSource source) {
    this.source = source;
  }

  @Override
  public final List<Setting<?>> settings() {
    return BronzeJob.settings(source, PAUSE, FOR);
  }

  @Override
  public final JobReport run(SparkSession spark, Settings settings, Progress progress) {
    try (var termination = Termination.ofProcess()) {
      return until(termination, round -> {}).run(spark, settings, progress);
    }
  }

  /**
   * The same task for a caller who has it end, and who is told of each round that moved something.
   */
  public final Job until(Termination termination, Consumer<Round> listener) {
    var task = this;
    return new Job() {
      @Override
      public String name(Settings settings) {
        return task.name(settings);
      }

      @Override
      public List<Setting<?>> settings() {
        return task.settings();
      }

      @Override
      public JobReport run(SparkSession spark, Settings settings, Progress progress) {
        var pipeline = source.pipeline(settings);
        return Continuous.run(
            spark,
            BronzeJob.options(source, settings),
            pipeline.lifecycle(),
            pipeline.zone(),
            settings.get(PAUSE),
            settings.find(FOR),
            termination,
            round -> {
              listener.accept(round);
              progress.round(round.report(), round.took());
            });
      }
    };
  }
}
