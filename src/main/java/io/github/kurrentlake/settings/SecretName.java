package io.github.kurrentlake.settings;

import io.github.kurrentlake.error.ErrorCode;
import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * The name of a Databricks secret, written {@code SCOPE/KEY}. It is no secret itself.
 *
 * @param scope the secret scope
 * @param key the secret's key in it
 */
public record SecretName(String scope, String key) implements Serializable {
  private static final Pattern FORM = Pattern.compile("([\\w.@-]{1,128})/([\\w.@-]{1,128})");

  /**
   * Reads a name. What does not look like one may be the password itself, so it is not shown.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-102
   */
  public static SecretName parse(String text) {
    var match = FORM.matcher(text);
    if (!match.matches()) {
      throw ErrorCode.BAD_OPTION
          .error()
          .with("expected", "the name of a Databricks secret as SCOPE/KEY");
    }
    return new SecretName(match.group(1), match.group(2));
  }

  @Override
  public String toString() {
    return scope + "/" + key;
  }
}
