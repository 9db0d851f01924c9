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

  /** The number, when it is whole and has 64 bits; otherwise null. */
  static Long bigint(String text) {
    try {
      return exact(text).map(BigDecimal::longValueExact).orElse(null);
    } catch (ArithmeticException e) {
      return null;
    }
  }

  /** The number with so many digits behind the point, when it has no more of either; else null. */
  static BigDecimal decimal(String text, int precision, int scale) {
    var number = exact(text).orElse(null);
    if (number == null) {
      return null;
    }
    if (number.signum() == 0) {
      return BigDecimal.ZERO.setScale(scale);
    }
    // Looked at before it is written out: an exponent may stand for a billion of zeros.
    var bare = number.stripTrailingZeros();
    var fits = bare.scale() <= scale && (long) bare.precision() - bare.scale() <= precision - scale;
    return fits ? bare.setScale(scale) : null;
  }

  /** The number in 64 bits, when it is in their range; otherwise null. */
  static Double doubleNumber(String text) {
    return number(text).map(Double::parseDouble).filter(Double::isFinite).orElse(null);
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
