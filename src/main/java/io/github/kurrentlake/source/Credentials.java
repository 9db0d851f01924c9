package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.Secret;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
public record Credentials(Place username, Place password) implements Serializable {
  public static final String USERNAME = "KURRENTDB_USERNAME";
  public static final String PASSWORD = "KURRENTDB_PASSWORD";
  private static final String FILE = "_FILE";
  static final String USERNAME_FILE = USERNAME + FILE;
  static final String PASSWORD_FILE = PASSWORD + FILE;

  /** A place where a text is kept. */
  sealed interface Place extends Serializable {

    /** The text as it is now. */
    Secret read();

    record InFile(String path) implements Place {
      @Override
      public Secret read() {
        try {
          var text = Files.readString(Path.of(path), StandardCharsets.UTF_8);
          return Secret.of(text.stripTrailing());
        } catch (IOException e) {
          throw ErrorCode.UNREADABLE_FILE.error().with("file", path).causedBy(e);
        }
      }
    }

    record InVariable(String name) implements Place {
      @Override
      public Secret read() {
        return Environment.ofProcess()
            .variable(name)
            .map(Secret::of)
            .orElseThrow(() -> ErrorCode.MISSING_OPTION.error().with("variable", name));
      }
    }

    /** For a node without authentication. */
    record Nowhere() implements Place {
      @Override
      public Secret read() {
        return Secret.of("");
      }
    }
  }

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
    if (username instanceof Place.InFile file) {
      options.put(SourceOption.USERNAME_FILE.name(), file.path());
    }
    if (password instanceof Place.InFile file) {
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

  private static Place place(String name, Environment environment, Endpoint endpoint) {
    var file = environment.variable(name + FILE);
    if (file.isPresent()) {
      return new Place.InFile(file.get());
    }
    if (environment.variable(name).isPresent()) {
      return new Place.InVariable(name);
    }
    if (!endpoint.isTls()) {
      return new Place.Nowhere();
    }
    throw ErrorCode.MISSING_OPTION
        .error()
        .with("variable", name + " or " + name + FILE)
        .with("endpoint", endpoint);
  }
}
