package io.github.kurrentlake.payload;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Points in time in the texts that producers write. */
final class Times {
  private static final Pattern DATE_AND_TIME =
      Pattern.compile(
          "(\\d{4})-(\\d{1,2})-(\\d{1,2})"
              + "(?:[T ](\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d{1,9})\\d*)?)?"
              + "(?: ?([A-Z+-][A-Za-z0-9_/+:-]*))?)?");

  /** From year 1 on, as Spark's dates. */
  private static final Pattern DATE = Pattern.compile("(?!0000)\\d{4}-\\d{2}-\\d{2}");

  /** What is in no region must not be a name: BST, IST or EST are several zones each. */
  private static final Pattern ZONE = Pattern.compile("Z|(?:UTC?|GMT)?(?:[+-].*)?|[A-Za-z_]+/.*");

  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

  /** Seconds of 1990 and of 2100; within these, the size of a number tells its unit. */
  private static final BigDecimal EPOCH_FROM = new BigDecimal("631152000");

  private static final BigDecimal EPOCH_BELOW = new BigDecimal("4102444800");

  /** Of seconds, milliseconds, microseconds and nanoseconds. */
  private static final int[] EPOCH_DIGITS = {0, 3, 6, 9};

  /** Ten digits that are a date and an hour would as seconds be a day in 2033 to 2036. */
  private static final DateTimeFormatter DATE_AND_HOUR = calendar("yyyyMMddHH");

  private static final int MICROSECOND_DIGITS = 6;
  private static final int LONGEST = 100;

  private final ZoneId zone;

  /**
   * What a text says.
   *
   * @param isUncertain whether the time does not exist in its zone, or comes twice
   */
  record Time(Instant instant, boolean isUncertain) {}

  Times(ZoneId zone) {
    this.zone = zone;
  }

  /**
   * The formatter of digits that are a date, and perhaps a time.
   *
   * @throws IllegalArgumentException when the pattern is none
   */
  static DateTimeFormatter calendar(String pattern) {
    return new DateTimeFormatterBuilder()
        .appendPattern(pattern.replace('y', 'u'))
        .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
        .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
        .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
        .toFormatter(Locale.ROOT)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  /** The day that a text names; null when it names none, or a time of day as well. */
  static LocalDate date(String text) {
    try {
      return DATE.matcher(text).matches() ? LocalDate.parse(text) : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** The time that the text says in one of the usual formats; empty when it says none. */
  Optional<Time> read(String text) {
    var trimmed = text.strip();
    if (trimmed.length() > LONGEST) {
      return Optional.empty();
    }
    return trimmed.length() > 4 && trimmed.charAt(4) == '-'
        ? dateAndTime(trimmed)
        : sinceEpoch(trimmed);
  }

  /** The time that digits say in a declared format; empty when they say none. */
  Optional<Time> read(String digits, DateTimeFormatter calendar) {
    return local(digits, calendar).flatMap(local -> in(zone, local));
  }

  private Optional<Time> dateAndTime(String text) {
    var found = DATE_AND_TIME.matcher(text);
    if (!found.matches()) {
      return Optional.empty();
    }
    try {
      var local =
          LocalDateTime.of(
              Integer.parseInt(found.group(1)),
              Integer.parseInt(found.group(2)),
              Integer.parseInt(found.group(3)),
              number(found.group(4)),
              number(found.group(5)),
              number(found.group(6)),
              nanoseconds(found.group(7)));
      var named = found.group(8);
      if (named == null) {
        return in(zone, local);
      }
      return ZONE.matcher(named).matches() ? in(ZoneId.of(named), local) : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static int number(String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  private static int nanoseconds(String fraction) {
    return fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
  }

  /**
   * An hour that comes twice is the first one; of one that does not exist, the time is as long
   * after the last that does.
   */
  private static Optional<Time> in(ZoneId zone, LocalDateTime local) {
    var isUncertain =
        !(zone instanceof ZoneOffset) && zone.getRules().getValidOffsets(local).size() != 1;
    return stored(ZonedDateTime.ofLocal(local, zone, null).toInstant(), isUncertain);
  }

  private static Optional<Time> sinceEpoch(String text) {
    return Numbers.exact(text)
        .flatMap(Times::seconds)
        .filter(seconds -> !isDateAndHour(text))
        .flatMap(
            seconds -> {
              var micros =
                  seconds
                      .setScale(MICROSECOND_DIGITS, RoundingMode.FLOOR)
                      .unscaledValue()
                      .longValueExact();
              return stored(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), false);
            });
  }

  private static boolean isDateAndHour(String text) {
    return (text.startsWith("19") || text.startsWith("20"))
        && local(text, DATE_AND_HOUR).isPresent();
  }

  private static Optional<BigDecimal> seconds(BigDecimal number) {
    for (var digits : EPOCH_DIGITS) {
      var seconds = number.movePointLeft(digits);
      if (seconds.compareTo(EPOCH_FROM) >= 0 && seconds.compareTo(EPOCH_BELOW) < 0) {
        return Optional.of(seconds);
      }
    }
    return Optional.empty();
  }

  private static Optional<LocalDateTime> local(String digits, DateTimeFormatter calendar) {
    try {
      return Optional.of(LocalDateTime.parse(digits, calendar));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** What other readers of the table can hold: microseconds, and years of four digits. */
  private static Optional<Time> stored(Instant instant, boolean isUncertain) {
    var micros = instant.truncatedTo(ChronoUnit.MICROS);
    return micros.isBefore(FIRST) || micros.isAfter(LAST)
        ? Optional.empty()
        : Optional.of(new Time(micros, isUncertain));
  }
}
