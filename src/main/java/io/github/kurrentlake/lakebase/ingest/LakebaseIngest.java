package io.github.kurrentlake.lakebase.ingest;

import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.lakebase.LakebaseSettings;
import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.lakebase.source.ChangeTracking;
import io.github.kurrentlake.lakebase.source.LakebaseOption;
import io.github.kurrentlake.lakebase.source.ReadMode;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.table.LakehouseSettings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** The task that brings what is new in a Postgres table into {@code bronze}. */
public final class LakebaseIngest implements Job {
  private static final Setting<String> BRONZE =
      Setting.text("bronze", "Name of the Bronze table; that of the Postgres table without it")
          .optional();
  private static final Setting<Boolean> COMPARE_KEYS =
      Setting.flag("compare-keys", "Whether deletions are found by comparing all keys");
  private static final Setting<Boolean> RESYNC =
      Setting.flag("resync", "Whether the whole table is read again");

  /** Options of the source that the task takes too. */
  private static final List<Setting<?>> OF_SOURCE =
      List.of(
          LakebaseOption.KEY_COLUMNS,
          LakebaseOption.CURSOR_COLUMN,
          LakebaseOption.LAG,
          LakebaseOption.OVERLAP,
          LakebaseOption.SLOT,
          LakebaseOption.PUBLICATION,
          LakebaseOption.DELETES,
          LakebaseOption.MAX_ROWS_PER_TRIGGER);

  @Override
  public List<Setting<?>> settings() {
    var own =
        LakehouseSettings.and(
            LakebaseSettings.LAKEBASE,
            LakebaseOption.TABLE,
            LakebaseOption.MODE,
            BRONZE,
            COMPARE_KEYS,
            RESYNC);
    return Stream.concat(own.stream(), OF_SOURCE.stream().map(Setting::ofTask)).toList();
  }

  @Override
  public JobReport run(SparkSession spark, Settings settings, Progress progress) {
    var options =
        IngestOptions.of(
            LakehouseSettings.lakehouse(settings),
            LakebaseSettings.provider(settings),
            settings.get(LakebaseOption.TABLE),
            settings.get(LakebaseOption.MODE));
    for (var option : OF_SOURCE) {
      var value = settings.given(option.ofTask());
      options = value.isPresent() ? options.with(option, value.get()) : options;
    }
    options = settings.find(BRONZE).map(options::into).orElse(options);
    options = settings.get(COMPARE_KEYS) ? options.comparingKeys() : options;
    return settings.get(RESYNC)
        ? resync(spark, options, progress)
        : ingest(spark, options, progress);
  }

  /**
   * Reads what is new into Bronze and ends.
   *
   * @return rows read, and rows written to Bronze
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-602 to KL-609 and KL-620 to KL-633
   *     for Postgres, KL-301, KL-304 and KL-310 for the tables
   */
  public static JobReport ingest(SparkSession spark, IngestOptions options, Progress progress) {
    return new TableIngest(spark, options, progress).run();
  }

  /**
   * Reads the whole table again, behind all that is in Bronze, and deletes there what is gone:
   * after Postgres was restored, or a slot was lost. Killed, it is finished by the next run, or by
   * another resync.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException as {@link #ingest}
   */
  public static JobReport resync(SparkSession spark, IngestOptions options, Progress progress) {
    return new TableIngest(spark, options, progress).resync(() -> dropSlot(options));
  }

  private static void dropSlot(IngestOptions options) {
    if (options.mode() == ReadMode.SLOT) {
      var name = Optional.ofNullable(options.source().get(LakebaseOption.SLOT.name()));
      ChangeTracking.at(options.address(), options.table())
          .dropSlot(name.map(Identifier::of).orElseGet(() -> ChangeTracking.slot(options.table())));
    }
  }

  public static void main(String[] arguments) {
    JobMain.run(new LakebaseIngest(), arguments);
  }
}
