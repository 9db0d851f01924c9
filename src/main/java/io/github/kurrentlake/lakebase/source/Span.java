package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.settings.Units;
import java.util.concurrent.TimeUnit;

/**
 * A stretch of a cursor column: a time, or a difference of whole numbers.
 *
 * @param amount microseconds of a time, else the number
 */
record Span(long amount, Unit unit) {
  enum Unit {
    NUMBER,
    TIME
  }

  static Span parse(String text) {
    if (text.matches("\\d{1,12}")) {
      return new Span(Long.parseLong(text), Unit.NUMBER);
    }
    return new Span(TimeUnit.MILLISECONDS.toMicros(Units.duration(text).toMillis()), Unit.TIME);
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
