package io.github.kurrentlake.job;

import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * One task of the workflow. The class has a public constructor without arguments and a {@code main}
 * that hands it to {@link JobMain}. A job may be stopped at any line; the next run repairs.
 */
public interface Job {

  /** The settings this job reads from its arguments and environment. */
  List<Setting<?>> settings();

  /** What {@code ops.task_runs} knows the task by. */
  default String name(Settings settings) {
    return getClass().getSimpleName();
  }

  /**
   * Does the whole job.
   *
   * @param spark a session with Delta; the job changes no setting of it
   * @param progress told now and then how far the job is; from any thread
   * @throws io.github.kurrentlake.error.KurrentlakeException for every error a user can mend
   */
  JobReport run(SparkSession spark, Settings settings, Progress progress);
}
