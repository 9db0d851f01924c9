package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.Secret;
import io.github.kurrentlake.settings.SecretPlace;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the user's name and password are found, not what they are: it travels to executors and into
 * plans, and each opens its connection by reading the password anew.
 *
 * <p>Precedence, for the name and for the password alike:
 *
 * <ol>
 *   <li>the file named by {@code KURRENTDB_PASSWORD_FILE}
 *   <li>the environment variable {@code KURRENTDB_PASSWORD}, which every executor must have too (a
 *       Databricks cluster's {@code spark_env_vars} do)
 * </ol>
 */
public record Credentials(SecretPlace username, SecretPlace password) implements Serializable {
  public static final String USERNAME = "KURRENTDB_USERNAME";
  public static final String PASSWORD = "KURRENTDB_PASSWORD";
  static final String USERNAME_FILE = USERNAME + SecretPlace.FILE_SUFFIX;
  static final String PASSWORD_FILE = PASSWORD + SecretPlace.FILE_SUFFIX;

  /**
   * The credentials of an environment. A node without TLS may have no authentication either, so
   * there they may be missing.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-103 when an endpoint with TLS has
   *     none
   */
  public static Credentials of(Environment environment, Endpoint endpoint) {
    return new Credentials(
        place(USERNAME, environment, endpoint), place(PASSWORD, environment, endpoint));
  }

  /** The source's options that lead to the same credentials. */
  Map<String, String> options() {
    var options = new HashMap<String, String>();
    if (username instanceof SecretPlace.InFile file) {
      options.put(SourceOption.USERNAME_FILE.name(), file.path());
    }
    if (password instanceof SecretPlace.InFile file) {
      options.put(SourceOption.PASSWORD_FILE.name(), file.path());
    }
    return options;
  }

  /** The value of the {@code authorization} header. */
  Secret header() {
    var pair = username.read().reveal() + ":" + password.read().reveal();
    return Secret.of(
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  private static SecretPlace place(String name, Environment environment, Endpoint endpoint) {
    var place = SecretPlace.find(environment, name);
    if (place.isEmpty() && endpoint.isTls()) {
      throw ErrorCode.MISSING_OPTION
          .error()
          .with("variable", name + " or " + name + SecretPlace.FILE_SUFFIX)
          .with("endpoint", endpoint);
    }
    return place.orElseGet(SecretPlace.Nowhere::new);
  }
}
