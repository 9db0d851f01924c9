package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.settings.Secret;
import io.github.kurrentlake.settings.Setting;
import java.util.List;
import java.util.Map;

/** The options of the source; the table in {@code docs/lakebase-source.md} is made from them. */
public final class LakebaseOption {
  public static final Setting<String> LAKEBASE =
      Setting.text(
          "lakebase",
          "projects/P/branches/B/endpoints/E, instances/NAME or postgresql://USER@HOST:PORT/DB");

  public static final Setting<String> PASSWORD_FILE =
      Setting.text(
              "passwordFile",
              "For the last form: a file with the password, on every machine. Else"
                  + " LAKEBASE_PASSWORD_FILE or LAKEBASE_PASSWORD of the environment")
          .optional();

  public static final Setting<String> PASSWORD_SECRET =
      Setting.text("passwordSecret", "For the last form: a Databricks secret with it, SCOPE/KEY")
          .optional();

  public static final Setting<TableName> TABLE =
      Setting.text("table", "The table in Postgres: schema.table, or a table of public")
          .as(TableName::parse);

  public static final Setting<ReadMode> MODE =
      Setting.choice("mode", ReadMode.class, "How changes are found").fallback("xmin");

  public static final Setting<List<String>> KEY_COLUMNS =
      Setting.names(
              "keyColumns",
              "Columns that are never null and that no two rows share; the primary key without it")
          .optional();

  public static final Setting<String> XID_COLUMN =
      Setting.text("xidColumn", "Mode xid8: the column with the transaction")
          .fallback(ChangeTracking.XID_COLUMN);

  public static final Setting<String> CURSOR_COLUMN =
      Setting.text("cursorColumn", "Mode monotonic: a column of whole numbers or times").optional();

  public static final Setting<CursorDistance> LAG =
      Setting.text("lag", "Mode monotonic, times: rows younger than this wait, such as 30s")
          .as(CursorDistance::parse)
          .fallback("0");

  public static final Setting<CursorDistance> OVERLAP =
      Setting.text(
              "overlap",
              "Mode monotonic: how far each batch reads back, such as 5m, or 1000 for numbers")
          .as(CursorDistance::parse)
          .fallback("0");

  public static final Setting<Identifier> SLOT =
      Setting.text(
              "slot",
              "Mode slot: the slot; one named after the table without it. The stream makes it")
          .as(LakebaseOption::slotName)
          .optional();

  public static final Setting<Identifier> PUBLICATION =
      Setting.text("publication", "Mode slot: the publication with the table")
          .as(Identifier::of)
          .fallback(ChangeTracking.PUBLICATION);

  public static final Setting<Deletes> DELETES =
      Setting.choice(
              "deletes",
              Deletes.class,
              "Modes xmin and xid8, whether what keepTombstones has kept is read")
          .fallback("ignored");

  public static final Setting<Long> MAX_ROWS_PER_TRIGGER =
      Setting.number(
              "maxRowsPerTrigger", 1, "Rows of a micro-batch at most; all that are new without it")
          .optional();

  public static final Setting<Long> SEQUENCE_ABOVE =
      Setting.number("sequenceAbove", 0, "Added to every _sequence, for a table that is read again")
          .fallback("0");

  public static final Setting<String> STARTING_POSITION =
      Setting.text(
              "startingPosition", "A _position: a stream without a checkpoint begins behind it")
          .optional();

  /** Every option there is. */
  static final List<Setting<?>> ALL =
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
    Secret.refuseIn(options, SECRETS);
    if (options.keySet().stream().anyMatch("dbtable"::equalsIgnoreCase)) {
      throw ErrorCode.BAD_OPTION
          .error()
          .with("option", "dbtable")
          .with("expected", "the option table, with schema.table");
    }
  }

  private static Identifier slotName(String text) {
    if (!text.matches("[a-z0-9_]{1,63}")) {
      throw new IllegalArgumentException("1 to 63 of the characters a-z, 0-9 and _");
    }
    return Identifier.of(text);
  }
}
