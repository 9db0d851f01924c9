package io.github.kurrentlake.payload;

/**
 * Something that is wrong about a payload.
 *
 * @param column the column that it is about; null when the whole payload is meant
 * @param rule the rule that it breaks
 * @param message what is wrong, without any part of the payload
 * @param value the beginning of the offending text; null when there is none
 */
public record Problem(String column, Rule rule, String message, String value) {
  /** In characters. Enough to see what it is; the whole payload stands beside it. */
  private static final int VALUE_LENGTH = 200;

  public Problem {
    value = value == null ? null : Texts.wellFormed(beginning(value));
  }

  private static String beginning(String text) {
    return text.length() <= VALUE_LENGTH || text.codePointCount(0, text.length()) <= VALUE_LENGTH
        ? text
        : text.substring(0, text.offsetByCodePoints(0, VALUE_LENGTH));
  }
}
