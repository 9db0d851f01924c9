package io.github.kurrentlake.table;

import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The settings that all jobs on the lakehouse share. */
public final class LakehouseSettings {
  private static final Setting<Lakehouse> CATALOG =
      Setting.text("catalog", "Unity Catalog catalog of the tables, or a directory with a slash")
          .as(Lakehouse::parse);

  private static final Setting<String> CHECKPOINTS =
      Setting.text(
              "checkpoints",
              "Directory of the streams' checkpoints; by default the volume ops._checkpoints of a"
                  + " catalog on Databricks, and ops/_checkpoints in a directory")
          .optional();

  /** What a run of a job is found by; on Databricks the job run. */
  public static final Setting<String> RUN_ID =
      Setting.text("run-id", "What the run is found by in ops.task_runs; a UUID if empty")
          .optional();

  private LakehouseSettings() {}

  /** The settings of a job: these, then its own. */
  public static List<Setting<?>> and(Setting<?>... others) {
    return and(List.of(), others);
  }

  /** The settings of a job: these, then those that say what it is about, then its own. */
  public static List<Setting<?>> and(List<Setting<?>> about, Setting<?>... others) {
    return Stream.of(Stream.of(CATALOG, CHECKPOINTS, RUN_ID), about.stream(), Stream.of(others))
        .<Setting<?>>flatMap(settings -> settings)
        .toList();
  }

  /** The lakehouse that the settings name, if they do. */
  public static Optional<Lakehouse> find(Settings settings) {
    return settings.find(CATALOG).map(found -> lakehouse(settings));
  }

  /** The lakehouse that the settings name. */
  public static Lakehouse lakehouse(Settings settings) {
    var lakehouse = settings.get(CATALOG);
    return settings.find(CHECKPOINTS).map(lakehouse::checkpointsIn).orElse(lakehouse);
  }
}
