package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.lakebase.LakebaseSettings;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.lakebase.sync.SyncedTable.DatabaseObjects;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.table.LakehouseSettings;
import io.github.kurrentlake.table.QualifiedName;
import java.time.Duration;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The task that serves a Delta table from Postgres. With the policy CONTINUOUS it ends only when it
 * is stopped.
 */
public final class SyncJob implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(SyncJob.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final Setting<QualifiedName> SOURCE =
      Setting.text("source-table", "The Delta table, SCHEMA.TABLE").as(QualifiedName::parse);
  private static final Setting<TableName> TARGET =
      Setting.text("target-table", "The Postgres table, SCHEMA.TABLE").as(TableName::parse);
  private static final Setting<List<String>> KEY =
      Setting.names("primary-key-columns", "Columns that no two rows share");
  private static final Setting<String> TIMESERIES =
      Setting.text("timeseries-key", "Of rows with the same key the largest value here counts")
          .optional();
  private static final Setting<SchedulingPolicy> POLICY =
      Setting.choice("scheduling-policy", SchedulingPolicy.class, "When rows are brought over")
          .fallback("triggered");
  private static final Setting<Boolean> CREATE =
      Setting.flag(
              "create-database-objects-if-missing", "Whether schema and table are made in Postgres")
          .fallback("yes");
  private static final Setting<BadText> BAD_TEXT =
      Setting.choice("bad-text", BadText.class, "What becomes of text that Postgres cannot hold")
          .fallback("refuse");

  @Override
  public List<Setting<?>> settings() {
    return LakehouseSettings.and(
        LakebaseSettings.LAKEBASE, SOURCE, TARGET, KEY, TIMESERIES, POLICY, CREATE, BAD_TEXT);
  }

  /** In: rows that came over; out: rows that Postgres wrote. */
  @Override
  public JobReport run(SparkSession spark, Settings settings, Progress progress) {
    var lakehouse = LakehouseSettings.lakehouse(settings);
    var connections = Connections.to(LakebaseSettings.provider(settings));
    var table = table(settings);
    var sum = new Sum(table, progress);
    switch (table.schedulingPolicy()) {
      case SNAPSHOT, TRIGGERED -> sum.add(LakebaseSync.run(spark, lakehouse, connections, table));
      case CONTINUOUS -> LakebaseSync.follow(spark, lakehouse, connections, table, PAUSE, sum::add);
    }
    return sum.report();
  }

  public static void main(String[] arguments) {
    JobMain.run(new SyncJob(), arguments);
  }

  /** What all runs of the task did. */
  private static final class Sum {
    private final SyncedTable table;
    private final Progress progress;
    private long staged;
    private long written;
    private long bad;
    private List<String> examples = List.of();

    Sum(SyncedTable table, Progress progress) {
      this.table = table;
      this.progress = progress;
    }

    void add(SyncReport report) {
      LOG.info(
          "synced kind={} version={} staged={} written={} bad_text={} examples={}",
          report.kind(),
          report.version(),
          report.staged(),
          report.written(),
          report.bad(),
          report.examples());
      staged += report.staged();
      written += report.written();
      bad += report.bad();
      examples = report.examples().isEmpty() ? examples : report.examples();
      progress.reached(staged, written);
    }

    JobReport report() {
      var report = new JobReport(staged, written);
      return bad == 0 ? report : report.noting(List.of(note()));
    }

    private String note() {
      var deed =
          switch (table.badText()) {
            case SKIP -> "left out";
            case REFUSE, REPLACE -> "changed to U+FFFD in places";
          };
      return "%d rows %s, since Postgres cannot hold their text, such as %s"
          .formatted(bad, deed, String.join("; ", examples));
    }
  }

  private static SyncedTable table(Settings settings) {
    var table =
        SyncedTable.of(settings.get(SOURCE).toString(), settings.get(TARGET), settings.get(KEY))
            .schedulingPolicy(settings.get(POLICY))
            .objects(
                settings.get(CREATE)
                    ? DatabaseObjects.CREATE_IF_MISSING
                    : DatabaseObjects.MUST_EXIST)
            .badText(settings.get(BAD_TEXT));
    return settings.find(TIMESERIES).map(table::timeseriesKey).orElse(table);
  }
}
