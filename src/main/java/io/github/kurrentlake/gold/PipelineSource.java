package io.github.kurrentlake.gold;

import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.silver.SilverJob;
import java.util.List;
import java.util.function.Function;

/**
 * How a task comes to its pipeline: its main class knows it, or its settings name it.
 *
 * @param settings those that it reads for that
 * @param pipeline what they give
 */
public record PipelineSource(List<Setting<?>> settings, Function<Settings, Pipeline> pipeline) {

  public PipelineSource {
    settings = List.copyOf(settings);
  }

  /** One that a main class knows. */
  public static PipelineSource of(Pipeline known) {
    return new PipelineSource(List.of(), settings -> known);
  }

  /** One that a main class knows but for the zone, which is a setting. */
  public static PipelineSource inAnyZone(Pipeline known) {
    return new PipelineSource(
        List.of(SilverJob.TIMESTAMP_ZONE),
        settings -> known.in(settings.get(SilverJob.TIMESTAMP_ZONE)));
  }

  /** The pipeline. */
  public Pipeline pipeline(Settings given) {
    return pipeline.apply(given);
  }
}
