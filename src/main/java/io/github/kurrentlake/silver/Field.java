package io.github.kurrentlake.silver;

import io.github.kurrentlake.table.Column;
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
 * @param paths the places to look at, the first that holds something counts; each is the keys that
 *     lead to the value, outermost first, in exactly this case
 * @param fallback where the value comes from when no path holds one
 * @param ifMissing what becomes of an event without the value
 * @param ifBad what becomes of an event whose value does not fit the kind
 */
public record Field(
    Column column,
    Kind kind,
    List<List<String>> paths,
    Fallback fallback,
    Outcome ifMissing,
    Outcome ifBad) {

  /** How a value is read. */
  public enum Kind {
    TEXT(
        "STRING",
        "text; any other JSON value as its JSON text, in which numbers with a fraction or an exponent"
            + " are shown as doubles: 2.50 becomes 2.5, longer ones are rounded"),
    INTEGER("INT", "a whole number of 32 bits, also with a fraction of zero or an exponent"),
    FLOAT("FLOAT", "a finite decimal number, rounded to 32 bits"),
    TIMESTAMP(
        "TIMESTAMP",
        "an ISO date, or date and time with a space or a T, fraction and zone as there are, in the"
            + " task's zone when it names none; or a number since 1970, seconds below 10^11,"
            + " milliseconds below 10^14");

    private final String columnType;
    private final String formats;

    Kind(String columnType, String formats) {
      this.columnType = columnType;
      this.formats = formats;
    }

    String columnType() {
      return columnType;
    }

    /** What is read, for the page of projections. */
    String formats() {
      return formats;
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

  /** Looks here as well when all places named before hold nothing. */
  public Field or(String path) {
    var more = new ArrayList<>(paths);
    more.add(keys(path));
    return new Field(column, kind, more, fallback, ifMissing, ifBad);
  }

  /** Takes the part of the stream's name after the first '-' when the payload holds nothing. */
  public Field orFromStream() {
    return new Field(column, kind, paths, Fallback.STREAM_NAME, ifMissing, ifBad);
  }

  /** An event without this value goes to quarantine. */
  public Field required() {
    return new Field(column, kind, paths, fallback, Outcome.QUARANTINE, ifBad);
  }

  /** A value that does not fit is null, with a warning in the row, instead of quarantine. */
  public Field nullIfBad() {
    return new Field(column, kind, paths, fallback, ifMissing, Outcome.NULL);
  }

  /** The paths as a reader would write them. */
  String places() {
    return paths.stream().map(path -> String.join(".", path)).collect(Collectors.joining(", "));
  }

  private static Field of(Kind kind, String name, String path, String comment) {
    return new Field(
        Column.optional(name, kind.columnType, comment),
        kind,
        List.of(keys(path)),
        Fallback.NOWHERE,
        Outcome.NULL,
        Outcome.QUARANTINE);
  }

  private static List<String> keys(String path) {
    return List.of(path.split("(?<!\\\\)\\.", -1)).stream()
        .map(key -> key.replace("\\.", "."))
        .toList();
  }
}
