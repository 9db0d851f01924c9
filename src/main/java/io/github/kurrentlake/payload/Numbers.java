package io.github.kurrentlake.payload;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/** Numbers in texts: decimal, with ASCII digits, and spaces around them. */
final class Numbers {
  private static final Pattern NUMBER =
      Pattern.compile(" *([-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]{1,9})?) *");

  /** More than any number needs that has a place in a column. */
  private static final int LONGEST = 1000;

  private Numbers() {}

  /** The number, exactly; empty when the text is none. */
  static Optional<BigDecimal> exact(String text) {
    return number(text).map(BigDecimal::new);
  }

  /** The number, when it is whole and has 32 bits; otherwise null. */
  static Integer integer(String text) {
    var digits = digits(text);
    if (digits != null) {
      return digits;
    }
    try {
      return exact(text).map(BigDecimal::intValueExact).orElse(null);
    } catch (ArithmeticException e) {
      return null;
    }
  }

  /** The number in 32 bits, when it is in their range; otherwise null. */
  static Float decimal(String text) {
    return number(text).map(Float::parseFloat).filter(Float::isFinite).orElse(null);
  }

  private static Optional<String> number(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    var found = NUMBER.matcher(text);
    return found.matches() ? Optional.of(found.group(1)) : Optional.empty();
  }

  /** The number of at most nine plain digits, as nearly all are; null for any other text. */
  private static Integer digits(String text) {
    if (text.isEmpty() || text.length() > 9) {
      return null;
    }
    var number = 0;
    for (var i = 0; i < text.length(); i++) {
      var digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return null;
      }
      number = number * 10 + digit;
    }
    return number;
  }
}
