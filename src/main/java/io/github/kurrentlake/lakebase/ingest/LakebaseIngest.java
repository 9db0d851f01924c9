package io.github.kurrentlake.lakebase.ingest;

import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.lakebase.LakebaseSettings;
import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.lakebase.source.ChangeTracking;
import io.github.kurrentlake.lakebase.source.LakebaseOption;
import io.github.kurrentlake.lakebase.source.ReadMode;
import io.github.kurrentlake.settings.DataSourceOption;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.table.LakehouseSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** The task that brings what is new in a Postgres table into {@code bronze}. */
public final class LakebaseIngest implements Job {
  static final Setting<TableName> TABLE =
      Setting.text("table", "The table in Postgres, SCHEMA.TABLE").as(TableName::parse);
  static final Setting<ReadMode> MODE =
      Setting.text("mode", "How changes are found: xmin, xid8, monotonic or slot")
          .fallback("xmin")
          .as(text -> ReadMode.valueOf(text.toUpperCase(Locale.ROOT)));
  static final Setting<String> BRONZE =
      Setting.text("bronze", "Name of the Bronze table; that of the Postgres table when empty")
          .fallback("");
  static final Setting<Boolean> COMPARE_KEYS =
      Setting.flag("compare-keys", "Whether deletions are found by comparing all keys: yes or no");
  static final Setting<Boolean> RESYNC =
      Setting.flag("resync", "Whether the whole table is read anew: yes or no");

  /** Options of the source, under names as a command line has them. */
  private static final Map<Setting<String>, DataSourceOption<?>> SOURCE =
      Map.of(
          optional("key-columns", "Key of the table; its primary key when empty"),
          LakebaseOption.KEY_COLUMNS,
          optional("cursor-column", "Mode monotonic: the column that only grows"),
          LakebaseOption.CURSOR_COLUMN,
          optional("lag", "Mode monotonic: how long a row must be old, such as 30s"),
          LakebaseOption.LAG,
          optional("overlap", "Mode monotonic: how far each batch reads back, such as 5m"),
          LakebaseOption.OVERLAP,
          optional("slot", "Mode slot: the name of the replication slot"),
          LakebaseOption.SLOT,
          optional("publication", "Mode slot: the publication with the table"),
          LakebaseOption.PUBLICATION,
          optional("deletes", "Modes xmin and xid8: ignored or tombstones"),
          LakebaseOption.DELETES,
          optional("max-rows", "Rows of a micro-batch at most; all that are new when empty"),
          LakebaseOption.MAX_ROWS_PER_TRIGGER);

  @Override
  public List<Setting<?>> settings() {
    var settings =
        new ArrayList<Setting<?>>(
            LakehouseSettings.and(
                LakebaseSettings.LAKEBASE, TABLE, MODE, BRONZE, COMPARE_KEYS, RESYNC));
    settings.addAll(SOURCE.keySet());
    return settings;
  }

  @Override
  public JobReport run(SparkSession spark, Settings settings, Progress progress) {
    var lakebase = LakebaseSettings.provider(settings);
    var options =
        IngestOptions.of(
            LakehouseSettings.lakehouse(settings),
            lakebase,
            settings.get(TABLE),
            settings.get(MODE));
    for (var setting : SOURCE.entrySet()) {
      var value = settings.get(setting.getKey());
      options = value.isEmpty() ? options : options.with(setting.getValue(), value);
    }
    var bronze = settings.get(BRONZE);
    options = bronze.isEmpty() ? options : options.into(bronze);
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
   * Reads the whole table anew, behind all that is in Bronze, and deletes there what is gone: after
   * Postgres was restored, or a slot was lost. Killed, it is finished by the next run, or by
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

  private static Setting<String> optional(String name, String description) {
    return Setting.text(name, description).fallback("");
  }

  public static void main(String[] arguments) {
    JobMain.run(new LakebaseIngest(), arguments);
  }
}
