package io.github.kurrentlake.silver;

import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Function;

/**
 * How a task comes to its projection: its main class knows it, or its settings name it.
 *
 * @param settings those that it reads for that
 * @param projection what they give
 * @param zone the zone of timestamps that name none
 */
public record ProjectionSource(
    List<Setting<?>> settings,
    Function<Settings, Projection> projection,
    Function<Settings, ZoneId> zone) {

  public ProjectionSource {
    settings = List.copyOf(settings);
  }

  /** One that a main class knows but for the zone, which is a setting. */
  public static ProjectionSource of(Projection known) {
    return new ProjectionSource(
        List.of(SilverJob.TIMESTAMP_ZONE),
        settings -> known,
        settings -> settings.get(SilverJob.TIMESTAMP_ZONE));
  }
}
