package io.github.kurrentlake.lakebase.sync;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Where Spark's texts are none for Postgres. */
final class PostgresText {
  private static final byte[] JSON_NUL = "\\u0000".getBytes(US_ASCII);
  private static final byte[] JSON_REPLACEMENT = "\\ufffd".getBytes(US_ASCII);

  private PostgresText() {}

  /**
   * The text as Postgres can hold it, with U+FFFD for each NUL and for bytes that are no UTF-8; the
   * same array where nothing is to be replaced.
   */
  static byte[] held(byte[] text) {
    var isAscii = true;
    for (var next : text) {
      isAscii &= next > 0;
    }
    if (isAscii) {
      return text;
    }
    var held = new String(text, UTF_8).replace('\0', '\ufffd').getBytes(UTF_8);
    return Arrays.equals(held, text) ? text : held;
  }

  /** The same of a JSON text, where a NUL is spelt with an escape that is not itself escaped. */
  static byte[] heldJson(byte[] json) {
    var held = json;
    var i = 0;
    while (i <= json.length - JSON_NUL.length) {
      if (json[i] != '\\') {
        i++;
      } else if (isNul(json, i)) {
        if (held == json) {
          held = json.clone();
        }
        System.arraycopy(JSON_REPLACEMENT, 0, held, i, JSON_REPLACEMENT.length);
        i += JSON_NUL.length;
      } else {
        // What stands behind a backslash begins no escape.
        i += 2;
      }
    }
    return held;
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
