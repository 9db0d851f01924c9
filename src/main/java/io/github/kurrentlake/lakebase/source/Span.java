package io.github.kurrentlake.lakebase.source;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * A stretch of a cursor column: a time, or a difference of whole numbers.
 *
 * @param amount microseconds of a time, else the number
 */
record Span(long amount, Unit unit) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,12})\\s*([a-z]*)");
  private static final Map<String, Long> MICROS =
      Map.of("ms", 1_000L, "s", 1_000_000L, "m", 60_000_000L, "h", 3_600_000_000L);

  enum Unit {
    NUMBER,
    TIME
  }

  static Span parse(String text) {
    var match = TEXT.matcher(text);
    if (match.matches() && match.group(2).isEmpty()) {
      return new Span(Long.parseLong(match.group(1)), Unit.NUMBER);
    }
    if (!match.matches() || !MICROS.containsKey(match.group(2))) {
      throw new IllegalArgumentException("a duration such as 500ms, 30s, 5m or 1h, or a number");
    }
    return new Span(
        Math.multiplyExact(Long.parseLong(match.group(1)), MICROS.get(match.group(2))), Unit.TIME);
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
