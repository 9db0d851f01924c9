package io.github.kurrentlake.pipeline;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.gold.Pipeline;
import io.github.kurrentlake.gold.PipelineSource;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.ProjectionSource;
import io.github.kurrentlake.table.QualifiedName;
import java.util.List;

/** The settings by which the tasks of any pipeline are told which one is theirs. */
public final class PipelineSettings {
  /** The folder; read when the settings are, so that nothing runs with one that is wrong. */
  public static final Setting<Pipeline> PIPELINE =
      Setting.text("pipeline", "Folder with the pipeline.yaml, such as one in a volume")
          .as(PipelineFolder::read);

  static final Setting<String> PROJECTION =
      Setting.text("projection", "Table of the projection in the pipeline.yaml");

  /** The pipeline of the folder that the settings name. */
  static final PipelineSource FOLDER =
      new PipelineSource(List.of(PIPELINE), settings -> settings.get(PIPELINE));

  /** The projection that they name in it. */
  static final ProjectionSource FOLDER_PROJECTION =
      new ProjectionSource(
          List.of(PIPELINE, PROJECTION),
          PipelineSettings::projection,
          settings -> settings.get(PIPELINE).zone());

  private PipelineSettings() {}

  /** What {@code ops.task_runs} knows the task of a table by. */
  static String task(Settings settings, QualifiedName table) {
    return task(settings.get(PIPELINE), table);
  }

  static String task(Pipeline pipeline, QualifiedName table) {
    return pipeline.name() + ": " + table;
  }

  /** What it knows the task by that follows the log. */
  static String taskOfAll(Pipeline pipeline) {
    return pipeline.name() + ": all tables";
  }

  /** Fails with KL-102 when the pipeline has none of this name. */
  private static Projection projection(Settings settings) {
    var name = settings.get(PROJECTION);
    var projections = settings.get(PIPELINE).lifecycle().projections();
    return projections.stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                ErrorCode.BAD_OPTION
                    .error()
                    .with("option", "--" + PROJECTION.name())
                    .with("value", name)
                    .with("expected", projections.stream().map(Projection::name).toList()));
  }
}
