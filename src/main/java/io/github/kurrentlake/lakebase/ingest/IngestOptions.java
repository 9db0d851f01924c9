package io.github.kurrentlake.lakebase.ingest;

import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.lakebase.source.LakebaseAddress;
import io.github.kurrentlake.lakebase.source.LakebaseOption;
import io.github.kurrentlake.lakebase.source.ReadMode;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.table.Lakehouse;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What is read and where it goes.
 *
 * @param lakehouse where the tables lie
 * @param address the Lakebase
 * @param table the table in Postgres
 * @param mode how the stream finds what is new
 * @param bronze the table's name in {@code bronze}
 * @param source further options of the source, such as {@code cursorColumn}
 * @param keys whether deletions are found by comparing keys
 */
public record IngestOptions(
    Lakehouse lakehouse,
    LakebaseAddress address,
    TableName table,
    ReadMode mode,
    String bronze,
    Map<String, String> source,
    Keys keys) {

  /** How deletions are found that the mode cannot see. */
  public enum Keys {
    /** Not by the keys. */
    TRUSTED,
    /** After each run all keys in Postgres are compared with those in Bronze. */
    COMPARED
  }

  public IngestOptions {
    source = Map.copyOf(source);
  }

  /** The usual way to read a table, into the Bronze table of its name. */
  public static IngestOptions of(
      Lakehouse lakehouse, ConnectionInfoProvider lakebase, TableName table, ReadMode mode) {
    return new IngestOptions(
        lakehouse,
        LakebaseAddress.of(lakebase),
        table,
        mode,
        table.table().name(),
        Map.of(),
        Keys.TRUSTED);
  }

  /** The same with one more option of the source. */
  public IngestOptions with(Setting<?> option, String value) {
    var more = new LinkedHashMap<>(source);
    more.put(option.name(), value);
    return new IngestOptions(lakehouse, address, table, mode, bronze, more, keys);
  }

  /** The same with another name in Bronze. */
  public IngestOptions into(String name) {
    return new IngestOptions(lakehouse, address, table, mode, name, source, keys);
  }

  /** The same with deletions found by comparing keys. */
  public IngestOptions comparingKeys() {
    return new IngestOptions(lakehouse, address, table, mode, bronze, source, Keys.COMPARED);
  }

  /** The options of the source. */
  Map<String, String> options() {
    var options = new LinkedHashMap<>(source);
    options.putAll(address.options());
    options.put(LakebaseOption.TABLE.name(), table.toString());
    options.put(LakebaseOption.MODE.name(), mode.name().toLowerCase(Locale.ROOT));
    return options;
  }
}
