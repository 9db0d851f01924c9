package io.github.kurrentlake.silver;

import static io.github.kurrentlake.table.Sql.literal;

import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * SQL that makes typed values of texts, in the formats that producers write. It gives null for what
 * does not fit and for null, and never an error, with ANSI mode on or off. The usual format comes
 * first, so that others are looked for only where it failed.
 *
 * <p>It works in a session whose time zone is UTC.
 */
final class ValueReader {
  /** Numbers that Java's parser takes besides decimal ones: {@code 35d}, {@code 0x1p3}, NaN. */
  private static final String DECIMAL_NUMBER = "^ *[-+]?[0-9.]+([eE][-+]?[0-9]+)? *$";

  /** Seconds up to the year 5138, and milliseconds since 1973. */
  private static final String SECONDS_BELOW = "100000000000";

  private static final String MILLISECONDS_BELOW = "100000000000000";

  private final ZoneId zone;

  ValueReader(ZoneId zone) {
    this.zone = zone;
  }

  String read(Field.Kind kind, String text) {
    return switch (kind) {
      case TEXT -> text;
      case INTEGER -> integer(text);
      case FLOAT -> number(text);
      case TIMESTAMP -> timestamp(text);
    };
  }

  /** Whether a text may be no value of the kind. */
  static boolean mayMisfit(Field.Kind kind) {
    return switch (kind) {
      case TEXT -> false;
      case INTEGER, FLOAT, TIMESTAMP -> true;
    };
  }

  static String misfit(Field.Kind kind) {
    return switch (kind) {
      case TEXT -> throw new IllegalArgumentException("every text is one");
      case INTEGER -> "not a whole number of 32 bits";
      case FLOAT -> "not a finite decimal number of 32 bits";
      case TIMESTAMP -> "not a point in time";
    };
  }

  /** Whole numbers, also with a fraction of zero or an exponent. */
  private static String integer(String text) {
    var exact = "try_cast(%s AS DECIMAL(38, 18))".formatted(text);
    return "coalesce(try_cast(%1$s AS INT), IF(%2$s %% 1 = 0, try_cast(%2$s AS INT), NULL))"
        .formatted(text, exact);
  }

  private static String number(String text) {
    var value = "try_cast(%s AS FLOAT)".formatted(text);
    return "IF(abs(%1$s) < CAST('Infinity' AS FLOAT) AND %2$s RLIKE %3$s, %1$s, NULL)"
        .formatted(value, text, literal(DECIMAL_NUMBER));
  }

  /** A '-' after four digits tells dates; Spark would also take a number for a year. */
  private String timestamp(String text) {
    return "IF(substring(%1$s, 5, 1) = '-', %2$s, %3$s)"
        .formatted(text, dateAndTime(text), sinceEpoch(text));
  }

  private String dateAndTime(String text) {
    // Spark would take a month for its first day.
    var read = "IF(length(%1$s) < 8, NULL, try_cast(%1$s AS TIMESTAMP))".formatted(text);
    if (zone.normalized().equals(ZoneOffset.UTC)) {
      return read;
    }
    // A time has neither letters nor signs but those of a zone.
    return "IF(substring(%1$s, 12) RLIKE '[-+A-Za-z]', %2$s, to_utc_timestamp(%2$s, %3$s))"
        .formatted(text, read, literal(zone.getId()));
  }

  private static String sinceEpoch(String text) {
    var number = "try_cast(%s AS DECIMAL(20, 6))".formatted(text);
    return """
        CASE WHEN abs(%1$s) < %2$s THEN timestamp_micros(CAST(%1$s * 1000000 AS BIGINT))
             WHEN abs(%1$s) < %3$s THEN timestamp_micros(CAST(%1$s * 1000 AS BIGINT)) END"""
        .formatted(number, SECONDS_BELOW, MILLISECONDS_BELOW);
  }
}
