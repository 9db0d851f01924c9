package io.github.kurrentlake.silver;

import io.github.kurrentlake.table.Column;
import java.util.List;

/**
 * One typed column of a projection and where in the payload its value stands.
 *
 * @param column the column in Silver
 * @param kind how the value is read
 * @param path the keys that lead to the value, outermost first
 */
public record Field(Column column, Kind kind, List<String> path) {

  /** How a value is read. A value that does not fit gives null. */
  public enum Kind {
    /** Text as it stands; any other JSON value as its JSON text. */
    TEXT("STRING", "STRING"),
    /** A JSON number without fraction, 32 bits. */
    INTEGER("INT", "INT"),
    /** A JSON number, 32 bits. */
    FLOAT("FLOAT", "FLOAT"),
    /** A date and time in a text, in UTC unless it names a zone. */
    TIMESTAMP("STRING", "TIMESTAMP");

    private final String jsonType;
    private final String columnType;

    Kind(String jsonType, String columnType) {
      this.jsonType = jsonType;
      this.columnType = columnType;
    }

    String jsonType() {
      return jsonType;
    }

    /** The column's value from the parsed one; never an error, with ANSI mode on or off. */
    String convert(String parsed) {
      return switch (this) {
        case TEXT, INTEGER, FLOAT -> parsed;
        case TIMESTAMP -> "try_to_timestamp(" + parsed + ")";
      };
    }
  }

  public static Field text(String name, String path, String comment) {
    return of(Kind.TEXT, name, path, comment);
  }

  public static Field integer(String name, String path, String comment) {
    return of(Kind.INTEGER, name, path, comment);
  }

  public static Field decimalNumber(String name, String path, String comment) {
    return of(Kind.FLOAT, name, path, comment);
  }

  public static Field timestamp(String name, String path, String comment) {
    return of(Kind.TIMESTAMP, name, path, comment);
  }

  private static Field of(Kind kind, String name, String path, String comment) {
    return new Field(
        Column.optional(name, kind.columnType, comment), kind, List.of(path.split("\\.", -1)));
  }
}
