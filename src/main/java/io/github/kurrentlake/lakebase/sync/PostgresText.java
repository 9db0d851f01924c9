package io.github.kurrentlake.lakebase.sync;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Where Spark's texts are none for Postgres. */
final class PostgresText {
  private static final byte[] JSON_NUL = "\\u0000".getBytes(US_ASCII);

  private PostgresText() {}

  /** Whether a text holds a NUL, which no text of Postgres may. */
  static boolean holdsNul(byte[] text) {
    for (var next : text) {
      if (next == 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether a JSON text holds a NUL, which is spelt with an escape that is not itself escaped. */
  static boolean jsonHoldsNul(byte[] json) {
    var i = 0;
    while (i <= json.length - JSON_NUL.length) {
      if (json[i] != '\\') {
        i++;
      } else if (isNul(json, i)) {
        return true;
      } else {
        // What stands behind a backslash begins no escape.
        i += 2;
      }
    }
    return false;
  }

  /** A date or timestamp of Spark as Postgres spells it: {@code 0044-03-15 BC} for year -43. */
  static byte[] date(byte[] text) {
    if (text[0] == '+') {
      return new String(text, 1, text.length - 1, US_ASCII).getBytes(US_ASCII);
    }
    if (text[0] != '-' && !isYearZero(text)) {
      return text;
    }
    var iso = new String(text, US_ASCII);
    var end = iso.indexOf('-', 1);
    var year = 1 - Integer.parseInt(iso.substring(0, end));
    return "%04d%s BC".formatted(year, iso.substring(end)).getBytes(US_ASCII);
  }

  private static boolean isYearZero(byte[] text) {
    return text[0] == '0' && text[1] == '0' && text[2] == '0' && text[3] == '0';
  }

  private static boolean isNul(byte[] json, int at) {
    for (var i = 0; i < JSON_NUL.length; i++) {
      if (json[at + i] != JSON_NUL[i]) {
        return false;
      }
    }
    return true;
  }
}
