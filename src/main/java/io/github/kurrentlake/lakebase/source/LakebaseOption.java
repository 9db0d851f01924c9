package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.lakebase.schema.TableName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * One option of the source, declared once; {@code docs/lakebase-source.md} lists exactly these.
 *
 * @param name as a user writes it; case does not matter
 * @param fallback the default as a user would write it; empty when there is none
 * @param parser turns the text into the value; throws IllegalArgumentException with what is
 *     expected
 */
public record LakebaseOption<T>(
    String name, Optional<String> fallback, Function<String, T> parser) {
  public static final LakebaseOption<String> LAKEBASE = of("lakebase", text -> text);
  public static final LakebaseOption<String> PASSWORD_FILE = of("passwordFile", text -> text);
  public static final LakebaseOption<String> PASSWORD_SECRET = of("passwordSecret", text -> text);
  public static final LakebaseOption<TableName> TABLE = of("table", TableName::parse);
  public static final LakebaseOption<ReadMode> MODE = of("mode", "xmin", ReadMode::parse);
  public static final LakebaseOption<List<String>> KEY_COLUMNS =
      of("keyColumns", LakebaseOption::names);
  public static final LakebaseOption<String> XID_COLUMN =
      of("xidColumn", ChangeTracking.XID_COLUMN, text -> text);
  public static final LakebaseOption<String> CURSOR_COLUMN = of("cursorColumn", text -> text);
  public static final LakebaseOption<Span> LAG = of("lag", "0", Span::parse);
  public static final LakebaseOption<Span> OVERLAP = of("overlap", "0", Span::parse);
  public static final LakebaseOption<Identifier> SLOT = of("slot", LakebaseOption::slotName);
  public static final LakebaseOption<Identifier> PUBLICATION =
      of("publication", ChangeTracking.PUBLICATION, Identifier::of);
  public static final LakebaseOption<Deletes> DELETES = of("deletes", "ignored", Deletes::parse);
  public static final LakebaseOption<Long> MAX_ROWS_PER_TRIGGER =
      of("maxRowsPerTrigger", text -> number(1, text));
  public static final LakebaseOption<Long> SEQUENCE_ABOVE =
      of("sequenceAbove", "0", text -> number(0, text));

  /** Every option there is. */
  static final List<LakebaseOption<?>> ALL =
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
          SEQUENCE_ABOVE);

  /** Names under which people hand credentials to other sources; options are shown and logged. */
  private static final Set<String> SECRETS =
      Set.of("user", "username", "password", "token", "credentials", "dbtable", "url");

  private static <T> LakebaseOption<T> of(String name, Function<String, T> parser) {
    return new LakebaseOption<>(name, Optional.empty(), parser);
  }

  private static <T> LakebaseOption<T> of(
      String name, String fallback, Function<String, T> parser) {
    return new LakebaseOption<>(name, Optional.of(fallback), parser);
  }

  /**
   * Refuses options that would put a secret into plans and event logs.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-106
   */
  static void refuseSecrets(CaseInsensitiveStringMap options) {
    for (var name : options.keySet()) {
      if (SECRETS.contains(name.toLowerCase(Locale.ROOT))) {
        throw ErrorCode.SECRET_IN_OPTIONS.error().with("option", name);
      }
    }
  }

  /**
   * The value of an option that may be left out.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-102
   */
  Optional<T> find(CaseInsensitiveStringMap options) {
    return Optional.ofNullable(options.get(name)).or(() -> fallback).map(this::parse);
  }

  /**
   * The option's value.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-102, or KL-103 when it has none
   */
  T get(CaseInsensitiveStringMap options) {
    return find(options).orElseThrow(() -> ErrorCode.MISSING_OPTION.error().with("option", name));
  }

  private T parse(String text) {
    try {
      return parser.apply(text.strip());
    } catch (IllegalArgumentException e) {
      throw ErrorCode.BAD_OPTION
          .error()
          .with("option", name)
          .with("value", text)
          .with("expected", e.getMessage());
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

  private static long number(long least, String text) {
    if (!text.matches("\\d{1,18}") || Long.parseLong(text) < least) {
      throw new IllegalArgumentException("a whole number of at least " + least);
    }
    return Long.parseLong(text);
  }
}
