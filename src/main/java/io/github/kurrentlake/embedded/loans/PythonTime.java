package io.github.kurrentlake.embedded.loans;

import java.time.LocalDate;

/** Points in time, given in microseconds since 1970, as Python programs write them. */
final class PythonTime {
  static final long SECOND = 1_000_000L;
  private static final long DAY = 86_400 * SECOND;

  private long lastDay = Long.MIN_VALUE;
  private String lastDate = "";

  /** {@code str(datetime)}: {@code 2025-01-29 16:45:43.851140}, without fraction when it is 0. */
  void datetime(StringBuilder out, long micros) {
    var day = Math.floorDiv(micros, DAY);
    if (day != lastDay) {
      lastDay = day;
      lastDate = LocalDate.ofEpochDay(day).toString();
    }
    var ofDay = Math.floorMod(micros, DAY);
    var second = (int) (ofDay / SECOND);
    out.append(lastDate).append(' ');
    digits(out, second / 3600, 10);
    out.append(':');
    digits(out, second / 60 % 60, 10);
    out.append(':');
    digits(out, second % 60, 10);
    var fraction = (int) (ofDay % SECOND);
    if (fraction != 0) {
      out.append('.');
      digits(out, fraction, 100_000);
    }
  }

  /** {@code time.time()} in JSON: {@code 1738168933.527328}, at least one digit of fraction. */
  void epochSeconds(StringBuilder out, long micros) {
    out.append(micros / SECOND).append('.');
    digits(out, (int) (micros % SECOND), 100_000);
    var last = out.length() - 1;
    while (out.charAt(last) == '0' && out.charAt(last - 1) != '.') {
      last--;
    }
    out.setLength(last + 1);
  }

  private static void digits(StringBuilder out, int value, int highest) {
    for (var unit = highest; unit > 0; unit /= 10) {
      out.append((char) ('0' + value / unit % 10));
    }
  }
}
