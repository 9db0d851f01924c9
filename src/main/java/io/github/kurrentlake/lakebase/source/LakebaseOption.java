package io.github.kurrentlake.lakebase.source;

import static io.github.kurrentlake.settings.DataSourceOption.atLeast;
import static io.github.kurrentlake.settings.DataSourceOption.option;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.settings.DataSourceOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The options of the source; {@code docs/lakebase-source.md} lists exactly these. */
public final class LakebaseOption {
  public static final DataSourceOption<String> LAKEBASE = option("lakebase", text -> text);
  public static final DataSourceOption<String> PASSWORD_FILE = option("passwordFile", text -> text);
  public static final DataSourceOption<String> PASSWORD_SECRET =
      option("passwordSecret", text -> text);
  public static final DataSourceOption<TableName> TABLE = option("table", TableName::parse);
  public static final DataSourceOption<ReadMode> MODE = option("mode", "xmin", ReadMode::parse);
  public static final DataSourceOption<List<String>> KEY_COLUMNS =
      option("keyColumns", LakebaseOption::names);
  public static final DataSourceOption<String> XID_COLUMN =
      option("xidColumn", ChangeTracking.XID_COLUMN, text -> text);
  public static final DataSourceOption<String> CURSOR_COLUMN = option("cursorColumn", text -> text);
  public static final DataSourceOption<Span> LAG = option("lag", "0", Span::parse);
  public static final DataSourceOption<Span> OVERLAP = option("overlap", "0", Span::parse);
  public static final DataSourceOption<Identifier> SLOT = option("slot", LakebaseOption::slotName);
  public static final DataSourceOption<Identifier> PUBLICATION =
      option("publication", ChangeTracking.PUBLICATION, Identifier::of);
  public static final DataSourceOption<Deletes> DELETES =
      option("deletes", "ignored", Deletes::parse);
  public static final DataSourceOption<Long> MAX_ROWS_PER_TRIGGER =
      option("maxRowsPerTrigger", atLeast(1));
  public static final DataSourceOption<Long> SEQUENCE_ABOVE =
      option("sequenceAbove", "0", atLeast(0));
  public static final DataSourceOption<String> STARTING_POSITION =
      option("startingPosition", text -> text);

  /** Every option there is. */
  static final List<DataSourceOption<?>> ALL =
      List.of(
          LAKEBASE,
          PASSWORD_FILE,
          PASSWORD_SECRET,
          TABLE,
          MODE,
          KEY_COLUMNS,
          XID_COLUMN,
          CURSOR_COLUMN,
          LAG,
          OVERLAP,
          SLOT,
          PUBLICATION,
          DELETES,
          MAX_ROWS_PER_TRIGGER,
          SEQUENCE_ABOVE,
          STARTING_POSITION);

  /** Names under which people hand credentials to other sources; options are shown and logged. */
  private static final String NAME =
      "the option lakebase, such as postgresql://USER@HOST:PORT/DB or instances/NAME";

  private static final String PASSWORD =
      "LAKEBASE_PASSWORD in the environment, or the option passwordFile or passwordSecret";

  private static final Map<String, String> SECRETS =
      Map.of(
          "user", NAME,
          "username", NAME,
          "password", PASSWORD,
          "token", "a name of Databricks' own, for which tokens are fetched: instances/NAME",
          "credentials", NAME + "; " + PASSWORD,
          "url", NAME);

  private LakebaseOption() {}

  /**
   * Refuses options that would put a secret into plans and event logs.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-106, or KL-102 for the JDBC
   *     source's name of the table
   */
  static void refuseSecrets(Map<String, String> options) {
    DataSourceOption.refuse(SECRETS, options);
    if (options.keySet().stream().anyMatch("dbtable"::equalsIgnoreCase)) {
      throw ErrorCode.BAD_OPTION
          .error()
          .with("option", "dbtable")
          .with("expected", "the option table, with schema.table");
    }
  }

  private static List<String> names(String text) {
    return Stream.of(text.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private static Identifier slotName(String text) {
    if (!text.matches("[a-z0-9_]{1,63}")) {
      throw new IllegalArgumentException("1 to 63 of the characters a-z, 0-9 and _");
    }
    return Identifier.of(text);
  }
}
