package io.github.kurrentlake.payload;

import io.github.kurrentlake.table.Column;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One typed column of a projection: where its value stands in the payload, how it is read, and what
 * becomes of an event in which it is missing or does not fit.
 *
 * <pre>{@code
 * text("name", "Name", "Name of the applicant").or("User")
 * integer("age", "Age", "Age in years").nullIfBad()
 * }</pre>
 *
 * @param column the column in Silver
 * @param kind how the value is read
 * @param paths the places to look at, the first that holds something counts, where an empty text is
 *     something only when no other place holds more; each is the keys that lead to the value,
 *     outermost first, in exactly this case
 * @param fallback where the value comes from when no path holds one
 * @param ifMissing what becomes of an event without the value
 * @param ifBad what becomes of an event whose value does not fit the kind, or whose place for it is
 *     in something that is no object
 * @param calendar the pattern of digits that are a date, as {@link #calendarDigits} takes it; empty
 *     when digits are none
 */
public record Field(
    Column column,
    Kind kind,
    List<List<String>> paths,
    Fallback fallback,
    Outcome ifMissing,
    Outcome ifBad,
    String calendar)
    implements Serializable {

  private static final String ARRAY = "ARRAY<";
  private static final int MOST_DIGITS = 38;

  /** How a value is read. */
  public enum Kind {
    TEXT("STRING", "text; any other JSON value as its JSON text, just as it stands", "no text"),
    JSON(
        "STRING (JSON)",
        "any JSON value as JSON text: objects, arrays and numbers just as they stand, a text in quotes",
        "no JSON"),
    INTEGER(
        "INT",
        "a whole number of 32 bits, also with a fraction of zero or an exponent",
        "not a whole number of 32 bits"),
    BIGINT(
        "BIGINT",
        "a whole number of 64 bits, also with a fraction of zero or an exponent",
        "not a whole number of 64 bits"),
    DECIMAL(
        "DECIMAL(p, s)",
        "a decimal number, exactly; one that needs more digits does not fit",
        "not a decimal number, or with more digits than the column has"),
    DOUBLE(
        "DOUBLE",
        "a finite decimal number, rounded to 64 bits",
        "not a finite decimal number of 64 bits"),
    BOOLEAN("BOOLEAN", "true or false, in lower case", "not true or false"),
    DATE("DATE", "a date such as 2025-01-31; none with a time of day", "not a date"),
    FLOAT(
        "FLOAT",
        "a finite decimal number, rounded to 32 bits",
        "not a finite decimal number of 32 bits"),
    TIMESTAMP(
        "TIMESTAMP",
        "an ISO date, or date and time with a space or a T, fraction (cut to microseconds) and zone"
            + " (an offset, UTC or a region, no abbreviation) as there are, in the task's zone when"
            + " it names none; or a number of seconds, milliseconds, microseconds or nanoseconds"
            + " since 1970 that is a time in 1990 to 2100; no digits that read as a date",
        "not a point in time");

    private final String columnType;
    private final String formats;
    private final String misfit;

    Kind(String columnType, String formats, String misfit) {
      this.columnType = columnType;
      this.formats = formats;
      this.misfit = misfit;
    }

    public String columnType() {
      return columnType;
    }

    /** What is read, for the page of projections. */
    public String formats() {
      return formats;
    }

    /** What a value is that does not fit. */
    String misfit() {
      return misfit;
    }
  }

  /** Where a value comes from that the payload does not hold. */
  public enum Fallback {
    NOWHERE,
    /** The part of the stream's name after the first '-', by which a category names its entity. */
    STREAM_NAME
  }

  /** What becomes of an event. */
  public enum Outcome {
    /** It lands in Silver with a null in this column; of a bad value a warning remains. */
    NULL,
    /** It is not for Silver, and goes to quarantine. */
    QUARANTINE
  }

  public Field {
    paths = paths.stream().map(List::copyOf).toList();
  }

  /**
   * A column of text.
   *
   * @param path the keys that lead to the value with dots between; {@code \.} is a dot in a key
   */
  public static Field text(String name, String path, String comment) {
    return of(Kind.TEXT, name, path, comment);
  }

  /** A column of JSON text; the path is written as for {@link #text}. */
  public static Field json(String name, String path, String comment) {
    return of(Kind.JSON, Column.optional(name, Kind.TEXT.columnType, comment), path);
  }

  /** A column of whole numbers; the path is written as for {@link #text}. */
  public static Field integer(String name, String path, String comment) {
    return of(Kind.INTEGER, name, path, comment);
  }

  /** A column of numbers with a fraction; the path is written as for {@link #text}. */
  public static Field decimalNumber(String name, String path, String comment) {
    return of(Kind.FLOAT, name, path, comment);
  }

  /** A column of points in time; the path is written as for {@link #text}. */
  public static Field timestamp(String name, String path, String comment) {
    return of(Kind.TIMESTAMP, name, path, comment);
  }

  /** A column of whole numbers of 64 bits; the path is written as for {@link #text}. */
  public static Field bigint(String name, String path, String comment) {
    return of(Kind.BIGINT, name, path, comment);
  }

  /**
   * A column of decimal numbers that are kept exactly; the path is written as for {@link #text}.
   *
   * @param precision how many digits there are, 1 to 38
   * @param scale how many of them stand behind the point, 0 to the precision
   */
  public static Field decimal(String name, String path, int precision, int scale, String comment) {
    if (precision < 1 || precision > MOST_DIGITS || scale < 0 || scale > precision) {
      throw new IllegalArgumentException("no such decimal: (%d, %d)".formatted(precision, scale));
    }
    var column = Column.optional(name, "DECIMAL(%d, %d)".formatted(precision, scale), comment);
    return of(Kind.DECIMAL, column, path);
  }

  /** A column of numbers with a fraction, of 64 bits; the path is written as for {@link #text}. */
  public static Field doubleNumber(String name, String path, String comment) {
    return of(Kind.DOUBLE, name, path, comment);
  }

  /** A column of true and false; the path is written as for {@link #text}. */
  public static Field truth(String name, String path, String comment) {
    return of(Kind.BOOLEAN, name, path, comment);
  }

  /** A column of days; the path is written as for {@link #text}. */
  public static Field date(String name, String path, String comment) {
    return of(Kind.DATE, name, path, comment);
  }

  /**
   * A column of arrays of such values: of a JSON array each element is one, and null stays null.
   * One that does not fit makes the whole array a bad value.
   */
  public Field array() {
    if (kind == Kind.JSON) {
      throw new IllegalArgumentException("a JSON column holds an array as it stands");
    }
    var arrays = Column.optional(column.name(), ARRAY + column.type() + ">", column.comment());
    return new Field(
        column.isPersonal() ? arrays.personal() : arrays,
        kind,
        paths,
        fallback,
        ifMissing,
        ifBad,
        calendar);
  }

  /** Whether the column holds arrays. */
  boolean isArray() {
    return column.type().startsWith(ARRAY);
  }

  /** Looks here as well when all places named before hold nothing. */
  public Field or(String path) {
    var more = new ArrayList<>(paths);
    more.add(keys(path));
    return new Field(column, kind, more, fallback, ifMissing, ifBad, calendar);
  }

  /** The same with places that begin so many keys further down. */
  Field below(int keys) {
    var shorter = paths.stream().map(path -> path.subList(keys, path.size())).toList();
    return new Field(column, kind, shorter, fallback, ifMissing, ifBad, calendar);
  }

  /** Takes the part of the stream's name after the first '-' when the payload holds nothing. */
  public Field orFromStream() {
    if (kind == Kind.JSON) {
      throw new IllegalArgumentException("the name of a stream is no JSON");
    }
    return new Field(column, kind, paths, Fallback.STREAM_NAME, ifMissing, ifBad, calendar);
  }

  /** An event without this value, or with an empty text for it, goes to quarantine. */
  public Field required() {
    return new Field(column, kind, paths, fallback, Outcome.QUARANTINE, ifBad, calendar);
  }

  /** A value that does not fit is null, with a warning in the row, instead of quarantine. */
  public Field nullIfBad() {
    return new Field(column, kind, paths, fallback, ifMissing, Outcome.NULL, calendar);
  }

  /**
   * Takes digits of this pattern, such as {@code yyyyMMdd} or {@code yyyyMMddHHmmss}, for a date
   * and time in the task's zone; without it, digits that read as one are refused.
   */
  public Field calendarDigits(String pattern) {
    Times.calendar(pattern);
    return new Field(column, kind, paths, fallback, ifMissing, ifBad, pattern);
  }

  /** The column may hold what is about a person. */
  public Field personal() {
    return new Field(column.personal(), kind, paths, fallback, ifMissing, ifBad, calendar);
  }

  /** The paths as a reader would write them. */
  public String places() {
    return paths.stream().map(path -> String.join(".", path)).collect(Collectors.joining(", "));
  }

  private static Field of(Kind kind, String name, String path, String comment) {
    return of(kind, Column.optional(name, kind.columnType, comment), path);
  }

  private static Field of(Kind kind, Column column, String path) {
    return new Field(
        column, kind, List.of(keys(path)), Fallback.NOWHERE, Outcome.NULL, Outcome.QUARANTINE, "");
  }

  /** The keys of a path, as {@link #text} takes it. */
  public static List<String> keys(String path) {
    return List.of(path.split("(?<!\\\\)\\.", -1)).stream()
        .map(key -> key.replace("\\.", "."))
        .toList();
  }
}
