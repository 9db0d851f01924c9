package io.github.kurrentlake.source;

import java.util.regex.Pattern;
import org.apache.spark.sql.connector.read.streaming.Offset;

/** How far a stream has come: everything through this position. */
final class LogOffset extends Offset {
  private static final Pattern JSON =
      Pattern.compile("\\s*\\{\\s*\"log_position\"\\s*:\\s*(-?\\d+)\\s*}\\s*");

  private final long position;

  LogOffset(long position) {
    this.position = position;
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws IllegalArgumentException for the offset of another source
   */
  static LogOffset parse(String json) {
    var match = JSON.matcher(json);
    if (!match.matches()) {
      throw new IllegalArgumentException("Not an offset of the source kurrentdb: " + json);
    }
    return new LogOffset(Long.parseLong(match.group(1)));
  }

  long position() {
    return position;
  }

  @Override
  public String json() {
    return "{\"log_position\":" + position + "}";
  }
}
