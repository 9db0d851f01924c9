package io.github.kurrentlake.settings;

import io.github.kurrentlake.error.ErrorCode;
import java.util.Locale;
import java.util.Map;

/**
 * A text that is never shown: it prints as {@code ******} and cannot be serialised, so that no
 * plan, checkpoint, log or exception can hold it. Only the code that opens a connection reveals it.
 */
public final class Secret {
  private final String text;

  private Secret(String text) {
    this.text = text;
  }

  public static Secret of(String text) {
    return new Secret(text);
  }

  /**
   * Refuses options that would put a secret into plans and event logs.
   *
   * @param instead what is to be used, by names of options in lower case
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-106
   */
  public static void refuseIn(Map<String, String> options, Map<String, String> instead) {
    for (var name : options.keySet()) {
      var use = instead.get(name.toLowerCase(Locale.ROOT));
      if (use != null) {
        throw ErrorCode.SECRET_IN_OPTIONS.error().with("option", name).with("instead", use);
      }
    }
  }

  /** The text itself; never passed on to anything that keeps or prints it. */
  public String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return "******";
  }
}
