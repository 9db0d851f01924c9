package io.github.kurrentlake.lakebase.schema;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A column type of Postgres, one of those listed, with a length or precision that was checked.
 *
 * @param base the type
 * @param arguments its length, or its precision and scale; may be empty
 */
public record PgType(Base base, List<Integer> arguments) {
  public static final PgType BOOLEAN = of(Base.BOOLEAN);
  public static final PgType SMALLINT = of(Base.SMALLINT);
  public static final PgType INTEGER = of(Base.INTEGER);
  public static final PgType BIGINT = of(Base.BIGINT);
  public static final PgType REAL = of(Base.REAL);
  public static final PgType DOUBLE = of(Base.DOUBLE);
  public static final PgType NUMERIC = of(Base.NUMERIC);
  public static final PgType TEXT = of(Base.TEXT);
  public static final PgType BYTEA = of(Base.BYTEA);
  public static final PgType DATE = of(Base.DATE);
  public static final PgType TIME = of(Base.TIME);
  public static final PgType TIMESTAMP = of(Base.TIMESTAMP);
  public static final PgType TIMESTAMPTZ = of(Base.TIMESTAMPTZ);
  public static final PgType INTERVAL = of(Base.INTERVAL);
  public static final PgType UUID = of(Base.UUID);
  public static final PgType JSON = of(Base.JSON);
  public static final PgType JSONB = of(Base.JSONB);
  public static final PgType XID8 = of(Base.XID8);

  private static final Pattern FORM =
      Pattern.compile("([a-z0-9 ]+?)\\s*(?:\\(\\s*(\\d{1,8})\\s*(?:,\\s*(\\d{1,4})\\s*)?\\))?");

  /** The other names that Postgres takes. */
  private static final Map<String, Base> ALIASES =
      Map.ofEntries(
          Map.entry("bool", Base.BOOLEAN),
          Map.entry("int2", Base.SMALLINT),
          Map.entry("int", Base.INTEGER),
          Map.entry("int4", Base.INTEGER),
          Map.entry("int8", Base.BIGINT),
          Map.entry("float4", Base.REAL),
          Map.entry("float8", Base.DOUBLE),
          Map.entry("decimal", Base.NUMERIC),
          Map.entry("varchar", Base.VARCHAR),
          Map.entry("time", Base.TIME),
          Map.entry("timestamp", Base.TIMESTAMP),
          Map.entry("timestamptz", Base.TIMESTAMPTZ));

  /** The types, spelt as Postgres itself shows them. */
  public enum Base {
    BOOLEAN("boolean"),
    SMALLINT("smallint"),
    INTEGER("integer"),
    BIGINT("bigint"),
    REAL("real"),
    DOUBLE("double precision"),
    NUMERIC("numeric"),
    TEXT("text"),
    VARCHAR("character varying"),
    BYTEA("bytea"),
    DATE("date"),
    TIME("time without time zone"),
    TIMESTAMP("timestamp without time zone"),
    TIMESTAMPTZ("timestamp with time zone"),
    INTERVAL("interval"),
    UUID("uuid"),
    JSON("json"),
    JSONB("jsonb"),
    XID8("xid8");

    private final String sql;

    Base(String sql) {
      this.sql = sql;
    }
  }

  /**
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-611 for a length or precision that
   *     the type does not have
   */
  public PgType {
    arguments = List.copyOf(arguments);
    var fits =
        switch (base) {
          case NUMERIC ->
              switch (arguments.size()) {
                case 0 -> true;
                case 2 ->
                    isBetween(1, arguments.get(0), 1000)
                        && isBetween(0, arguments.get(1), arguments.get(0));
                default -> false;
              };
          case VARCHAR -> arguments.size() == 1 && isBetween(1, arguments.get(0), 10_485_760);
          default -> arguments.isEmpty();
        };
    if (!fits) {
      throw bad(base.sql + arguments);
    }
  }

  /** Numbers of this many digits, so many of them after the point. */
  public static PgType numeric(int precision, int scale) {
    return new PgType(Base.NUMERIC, List.of(precision, scale));
  }

  /** Texts of at most this many characters. */
  public static PgType varchar(int length) {
    return new PgType(Base.VARCHAR, List.of(length));
  }

  /**
   * Reads a type such as {@code numeric(12,2)}, {@code varchar(20)} or {@code timestamptz}.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-611 for anything else
   */
  public static PgType parse(String text) {
    var form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!form.matches()) {
      throw bad(text);
    }
    var base =
        Arrays.stream(Base.values())
            .filter(type -> type.sql.equals(form.group(1)))
            .findFirst()
            .or(() -> Optional.ofNullable(ALIASES.get(form.group(1))))
            .orElseThrow(() -> bad(text));
    if (form.group(2) == null) {
      return of(base);
    }
    var first = Integer.parseInt(form.group(2));
    // numeric(5) is numeric(5,0), and shown as that.
    var isNumeric = base == Base.NUMERIC && form.group(3) == null;
    if (form.group(3) == null && !isNumeric) {
      return new PgType(base, List.of(first));
    }
    return new PgType(base, List.of(first, isNumeric ? 0 : Integer.parseInt(form.group(3))));
  }

  /** The type as Postgres shows it. */
  public String sql() {
    if (arguments.isEmpty()) {
      return base.sql;
    }
    return base.sql + arguments.toString().replace('[', '(').replace(']', ')').replace(" ", "");
  }

  @Override
  public String toString() {
    return sql();
  }

  private static PgType of(Base base) {
    return new PgType(base, List.of());
  }

  private static boolean isBetween(int least, int value, int most) {
    return least <= value && value <= most;
  }

  private static KurrentlakeException bad(String text) {
    return ErrorCode.BAD_PG_TYPE.error().with("type", text);
  }
}
