package io.github.kurrentlake.table;

import io.github.kurrentlake.settings.Setting;

/** The setting that all jobs share. */
public final class LakehouseSettings {
  public static final Setting<Lakehouse> CATALOG =
      Setting.text("catalog", "Unity Catalog catalog of the tables, or a directory with a slash")
          .as(Lakehouse::parse);

  private LakehouseSettings() {}
}
