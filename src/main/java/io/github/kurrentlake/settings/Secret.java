package io.github.kurrentlake.settings;

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

  /** The text itself; never passed on to anything that keeps or prints it. */
  public String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return "******";
  }
}
