package io.github.kurrentlake.lakebase;

import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.schema.Change;
import io.github.kurrentlake.lakebase.schema.Migration;
import io.github.kurrentlake.lakebase.schema.PgTable;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workflow's first task: makes the tables of an application in a Lakebase before a pipeline
 * reads or writes them. A domain's main class gives it the declarations. With {@code --mode=plan}
 * it only logs what it would do.
 */
public abstract class SetupJob implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(SetupJob.class);

  private static final Setting<Mode> MODE =
      Setting.choice("mode", Mode.class, "Whether tables are made, or what would be done is logged")
          .fallback("apply");

  private final List<PgTable> tables;

  /** Whether something is changed. */
  private enum Mode {
    APPLY,
    PLAN
  }

  protected SetupJob(PgTable... tables) {
    this.tables = List.of(tables);
  }

  @Override
  public final List<Setting<?>> settings() {
    return List.of(LakebaseSettings.LAKEBASE, MODE);
  }

  /** Moves no rows; what it makes is logged. */
  @Override
  public final JobReport run(SparkSession spark, Settings settings, Progress progress) {
    var migration = Migration.of(Connections.to(LakebaseSettings.provider(settings)), tables);
    switch (settings.get(MODE)) {
      case APPLY -> migration.apply().forEach(change -> log("done", change));
      case PLAN -> migration.plan().forEach(change -> log("planned", change));
    }
    return JobReport.nothingNew();
  }

  private static void log(String what, Change change) {
    LOG.info("{} {} {}: {}", what, change.kind(), change.target(), change.sql());
  }
}
