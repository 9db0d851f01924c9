package io.github.kurrentlake.lakebase.source;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;

/**
 * Postgres' dates and times. It counts from 2000, Spark from 1970. Postgres knows infinity and
 * years that Spark and Parquet's readers do not: what is not in the years 1 to 9999 is nothing.
 */
final class Times {
  private static final LocalDateTime EPOCH = LocalDate.EPOCH.atStartOfDay();
  private static final long DAYS = LocalDate.of(2000, 1, 1).toEpochDay();
  private static final long MICROS_OF_DAY = 86_400_000_000L;
  private static final long MICROS = DAYS * MICROS_OF_DAY;
  private static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();
  private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();
  private static final int DATE_LENGTH = "2000-01-01".length();
  private static final int TIME_LENGTH = "2000-01-01 00:00:00".length();

  private Times() {}

  static OptionalLong days(int postgres) {
    return inYears(postgres + DAYS, FIRST_DAY, LAST_DAY);
  }

  static OptionalLong micros(long postgres) {
    if (postgres == Long.MAX_VALUE || postgres == Long.MIN_VALUE) {
      return OptionalLong.empty();
    }
    return inYears(
        postgres + MICROS, FIRST_DAY * MICROS_OF_DAY, (LAST_DAY + 1) * MICROS_OF_DAY - 1);
  }

  /** Microseconds since 1970, also of a time that Spark does not know. */
  static long unboundedMicros(long postgres) {
    return postgres == Long.MAX_VALUE || postgres == Long.MIN_VALUE ? postgres : postgres + MICROS;
  }

  /** Microseconds since 1970 of a date's beginning. */
  static long unboundedMicros(int postgresDate) {
    return switch (postgresDate) {
      case Integer.MAX_VALUE -> Long.MAX_VALUE;
      case Integer.MIN_VALUE -> Long.MIN_VALUE;
      default -> (postgresDate + DAYS) * MICROS_OF_DAY;
    };
  }

  /** A date as {@code DateStyle = ISO} writes it. */
  static OptionalLong days(String text) {
    return text.length() == DATE_LENGTH && text.charAt(4) == '-'
        ? OptionalLong.of(LocalDate.parse(text).toEpochDay())
        : OptionalLong.empty();
  }

  /** A time as {@code DateStyle = ISO} writes it, with or without {@code +00}. */
  static OptionalLong micros(String text) {
    var local = text.endsWith("+00") ? text.substring(0, text.length() - 3) : text;
    if (local.length() < TIME_LENGTH || local.charAt(4) != '-' || local.endsWith(" BC")) {
      return OptionalLong.empty();
    }
    var time = LocalDateTime.parse(local.replace(' ', 'T'));
    return OptionalLong.of(ChronoUnit.MICROS.between(EPOCH, time));
  }

  private static OptionalLong inYears(long value, long first, long last) {
    return value < first || value > last ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
