package io.github.kurrentlake.lakebase;

import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;

/** The setting that all tasks share which reach a Lakebase. */
public final class LakebaseSettings {
  public static final Setting<String> LAKEBASE =
      Setting.text(
          "lakebase",
          "instances/NAME, projects/P/branches/B/endpoints/E or postgresql://USER@HOST:PORT/DB");

  private LakebaseSettings() {}

  /**
   * The Lakebase that the settings name.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-103 or KL-601
   */
  public static ConnectionInfoProvider provider(Settings settings) {
    return ConnectionInfoProvider.parse(settings.get(LAKEBASE), settings.environment());
  }
}
