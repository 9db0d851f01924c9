package io.github.kurrentlake.doctor;

import java.util.Locale;

/**
 * What came of a look at something.
 *
 * @param target what it belongs to, as an endpoint
 * @param name what was looked at
 * @param result how it is
 * @param detail what was seen; of an error its whole text, with cause and fix
 */
public record Check(String target, String name, Result result, String detail) {

  /** How something is. */
  public enum Result {
    PASS,
    /** It works, and may not for long, or costs more than it need. */
    WARN,
    /** It does not work; what hangs on it was not looked at. */
    FAIL;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
