package io.github.kurrentlake.replay;

import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.gold.PipelineSource;
import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.replay.ReplayOptions.OnceCompared;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.source.Endpoint;
import io.github.kurrentlake.source.KurrentDbSettings;
import io.github.kurrentlake.table.LakehouseSettings;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * The task that makes tables again while they are read. A main class gives it the pipeline, or says
 * where it is.
 */
public abstract class ReplayJob implements Job {
  /** The layer that a replay begins with. */
  public enum From {
    /** Bronze as it is stored. */
    BRONZE,
    /** KurrentDB: Bronze is made again too. */
    KURRENTDB
  }

  public static final Setting<From> FROM =
      Setting.choice("from", From.class, "Where the events come from").fallback("bronze");

  private static final Setting<Endpoint> ENDPOINT = KurrentDbSettings.ENDPOINT.optional();

  private static final Setting<List<String>> PROJECTIONS =
      Setting.names("projection", "The Silver tables to make again; by default all").optional();

  private static final Setting<String> STREAM =
      Setting.text("stream", "The only stream whose rows are made again").optional();

  private static final Setting<Long> AS_OF_VERSION =
      Setting.number("as-of-version", 0, "The version of Bronze to read, with --dry-run")
          .optional();

  private static final Setting<Boolean> DRY_RUN =
      Setting.flag("dry-run", "Whether the differences are shown and nothing is switched");

  private static final Setting<Boolean> ACCEPT_DIFFERENCES =
      Setting.flag(
          "accept-differences",
          "Whether tables are switched although no changed declaration explains what differs");

  private static final Setting<Boolean> ROLLBACK =
      Setting.flag("rollback", "Whether the tables get the rows back that the last replay changed");

  private static final Setting<Boolean> DROP =
      Setting.flag("drop", "Whether the replay that is not finished is given up");

  /** The settings that say what is done. */
  public static final List<Setting<?>> OWN =
      List.of(
          FROM, PROJECTIONS, STREAM, AS_OF_VERSION, DRY_RUN, ACCEPT_DIFFERENCES, ROLLBACK, DROP);

  private final PipelineSource source;

  protected ReplayJob(PipelineSource source) {
    this.source = source;
  }

  @Override
  public final List<Setting<?>> settings() {
    var shared = List.of(ENDPOINT, KurrentDbSettings.TLS_CA);
    return LakehouseSettings.and(
        source.settings(), Stream.concat(shared.stream(), OWN.stream()).toArray(Setting<?>[]::new));
  }

  /** In: rows compared; out: rows that differ. */
  @Override
  public final JobReport run(SparkSession spark, Settings settings, Progress progress) {
    var lakehouse = LakehouseSettings.lakehouse(settings);
    var lifecycle = source.pipeline(settings).lifecycle();
    if (settings.get(ROLLBACK)) {
      var tables = TableReplay.rollback(spark, lakehouse, lifecycle, progress);
      return JobReport.nothingNew().noting(List.of("rolled back: " + String.join(", ", tables)));
    }
    if (settings.get(DROP)) {
      var wasOpen = TableReplay.drop(spark, lakehouse, lifecycle);
      return JobReport.nothingNew()
          .noting(List.of(wasOpen ? "the replay was given up" : "no replay was open"));
    }
    var tables = TableReplay.run(spark, options(settings), progress);
    return new JobReport(
            tables.stream().mapToLong(table -> table.same() + table.changed() + table.came()).sum(),
            tables.stream().mapToLong(table -> table.changed() + table.came() + table.gone()).sum())
        .noting(
            tables.stream()
                .filter(Replayed::differs)
                .map(table -> table.table() + ": " + table)
                .toList());
  }

  /** How many events it projects, unless some come from KurrentDB meanwhile. */
  public final long events(SparkSession spark, Settings settings) {
    return TableReplay.events(spark, options(settings));
  }

  /**
   * What the settings ask for.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-102 for an unknown projection,
   *     KL-105 for settings that contradict each other
   */
  private ReplayOptions options(Settings settings) {
    var pipeline = source.pipeline(settings);
    var lifecycle = pipeline.lifecycle();
    var projections = settings.find(PROJECTIONS).orElse(List.of());
    var known = lifecycle.projections().stream().map(Projection::name).toList();
    projections.stream()
        .filter(name -> !known.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw ErrorCode.BAD_OPTION
                  .error()
                  .with("option", "--projection")
                  .with("value", name)
                  .with("expected", known);
            });
    var stream = settings.find(STREAM);
    var version = settings.find(AS_OF_VERSION);
    var isDry = settings.get(DRY_RUN);
    if (version.isPresent() && !isDry) {
      throw ErrorCode.MISSING_OPTION
          .error()
          .with("option", "--dry-run")
          .with("for", "--as-of-version");
    }
    var fromKurrentDb = settings.get(FROM) == From.KURRENTDB;
    if (fromKurrentDb && (stream.isPresent() || version.isPresent())) {
      throw ErrorCode.CONFLICTING_OPTIONS
          .error()
          .with(
              "options",
              "--from kurrentdb, " + (stream.isPresent() ? "--stream" : "--as-of-version"));
    }
    var lakehouse = LakehouseSettings.lakehouse(settings);
    return new ReplayOptions(
        lakehouse,
        lifecycle,
        pipeline.zone(),
        fromKurrentDb
            ? Optional.of(
                new BronzeOptions(
                    lakehouse,
                    KurrentDbSettings.kurrentdb(settings),
                    lifecycle.category(),
                    pipeline.name(),
                    BronzeOptions.DEFAULT_BATCH_SIZE))
            : Optional.empty(),
        projections,
        stream,
        version.map(OptionalLong::of).orElseGet(OptionalLong::empty),
        isDry
            ? OnceCompared.SHOW
            : settings.get(ACCEPT_DIFFERENCES)
                ? OnceCompared.SWITCH_WHATEVER_DIFFERS
                : OnceCompared.SWITCH);
  }
}
