package io.github.kurrentlake.report;

import java.util.Locale;

/**
 * What the page says first.
 *
 * @param name what it is about
 * @param value how that is
 * @param state whether it is as it should be
 */
record Fact(String name, String value, State state) {
  /** Whether something is as it should be. */
  enum State {
    GOOD("✓"),
    BAD("✗"),
    UNKNOWN("?");

    private final String sign;

    State(String sign) {
      this.sign = sign;
    }

    /** What is seen without colours. */
    String sign() {
      return sign;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
