package io.github.kurrentlake.source;

import java.io.Serializable;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/** Where a read begins: {@code earliest}, {@code latest}, a log_position or a time. */
sealed interface StartingPosition extends Serializable {

  /** Below every position; 0 would leave out an event at 0. */
  long BEFORE_THE_LOG = -1;

  /** The position above which events are read, as the log is now. */
  long above(EventLog log);

  /** Events above a position. */
  record After(long position) implements StartingPosition {
    @Override
    public long above(EventLog log) {
      return position;
    }

    @Override
    public String toString() {
      return Long.toString(position);
    }
  }

  /** Events that come after the start of the query. */
  record Latest() implements StartingPosition {
    @Override
    public long above(EventLog log) {
      return log.last();
    }

    @Override
    public String toString() {
      return "latest";
    }
  }

  /**
   * Everything from the first event in the log that was created then or later. Clocks step back, so
   * behind it an event may be a little older.
   */
  record Since(Instant time) implements StartingPosition {
    @Override
    public long above(EventLog log) {
      return log.before(time.toEpochMilli());
    }

    @Override
    public String toString() {
      return time.toString();
    }
  }

  static StartingPosition parse(String text) {
    if (text.equalsIgnoreCase("earliest")) {
      return new After(BEFORE_THE_LOG);
    }
    if (text.equalsIgnoreCase("latest")) {
      return new Latest();
    }
    try {
      return text.matches("-?\\d+")
          ? new After(Long.parseLong(text))
          : new Since(OffsetDateTime.parse(text).toInstant());
    } catch (NumberFormatException | DateTimeParseException e) {
      throw new IllegalArgumentException(
          "earliest, latest, a log_position, or a time with its zone such as 2025-01-29T16:45:43Z",
          e);
    }
  }
}
