package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.settings.Units;
import java.util.concurrent.TimeUnit;

/**
 * A stretch of a cursor column: a time, or a difference of whole numbers.
 *
 * @param amount microseconds of a time, else the number
 */
record CursorDistance(long amount, Unit unit) {
  enum Unit {
    NUMBER,
    TIME
  }

  static CursorDistance parse(String text) {
    if (text.matches("\\d{1,12}")) {
      return new CursorDistance(Long.parseLong(text), Unit.NUMBER);
    }
    return new CursorDistance(
        TimeUnit.MILLISECONDS.toMicros(Units.duration(text).toMillis()), Unit.TIME);
  }

  boolean isNothing() {
    return amount == 0;
  }

  /** The stretch in a statement. */
  String sql() {
    return switch (unit) {
      case NUMBER -> Long.toString(amount);
      case TIME -> "interval '" + amount + " microseconds'";
    };
  }
}
