package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.Secret;
import io.github.kurrentlake.settings.SecretName;
import io.github.kurrentlake.settings.SecretPlace;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * Where the user's name and password are found, not what they are: it goes into plans, and each
 * connection is opened by reading the password again.
 *
 * <p>Precedence, for the name and for the password alike:
 *
 * <ol>
 *   <li>the Databricks secret {@code SCOPE/KEY} named by {@code KURRENTDB_PASSWORD_SECRET}
 *   <li>the file named by {@code KURRENTDB_PASSWORD_FILE}
 *   <li>the environment variable {@code KURRENTDB_PASSWORD}, which every executor must have too (a
 *       Databricks cluster's {@code spark_env_vars} do)
 * </ol>
 */
public record Credentials(SecretPlace username, SecretPlace password) implements Serializable {
  public static final String USERNAME = "KURRENTDB_USERNAME";
  public static final String PASSWORD = "KURRENTDB_PASSWORD";

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

  /**
   * Credentials that are secrets of the Databricks workspace; for notebooks.
   *
   * @param usernameSecret {@code SCOPE/KEY} of the user's name
   * @param passwordSecret {@code SCOPE/KEY} of the password
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-102 for what is no such name
   */
  public static Credentials inDatabricks(String usernameSecret, String passwordSecret) {
    return new Credentials(
        new SecretPlace.InDatabricks(SecretName.parse(usernameSecret)),
        new SecretPlace.InDatabricks(SecretName.parse(passwordSecret)));
  }

  /** The credentials that the source's options name, else those of this process's environment. */
  static Credentials of(CaseInsensitiveStringMap options, Endpoint endpoint) {
    var environment = Environment.ofProcess();
    var username =
        SecretOptions.USERNAME
            .find(options)
            .orElseGet(() -> place(USERNAME, environment, endpoint));
    var password =
        SecretOptions.PASSWORD
            .find(options)
            .orElseGet(() -> place(PASSWORD, environment, endpoint));
    return new Credentials(username, password);
  }

  /** The source's options that lead to the same credentials. */
  Map<String, String> options() {
    var options = new HashMap<>(SecretOptions.USERNAME.naming(username));
    options.putAll(SecretOptions.PASSWORD.naming(password));
    return options;
  }

  /** The same credentials for executors, which cannot look everywhere. */
  Credentials forTasks() {
    return new Credentials(username.forTasks(), password.forTasks());
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
          .with(
              "variable",
              "%s, %s or %s"
                  .formatted(
                      name, name + SecretPlace.FILE_SUFFIX, name + SecretPlace.SECRET_SUFFIX))
          .with("endpoint", endpoint);
    }
    return place.orElseGet(SecretPlace.Nowhere::new);
  }
}
