package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresUrl;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.SecretPlace;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A Lakebase as options name it: texts, so that it travels to executors, and no secret.
 *
 * @param name what {@link ConnectionInfoProvider#parse} reads
 * @param passwordFile the file with the password, on every machine; empty for the environment's
 */
public record LakebaseAddress(String name, String passwordFile) implements Serializable {
  /** A token is good for an hour of tasks, so the tasks of a JVM share it. */
  private static final Map<LakebaseAddress, Connections> CONNECTIONS = new ConcurrentHashMap<>();

  /**
   * The address of a provider.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-102 for a password in a variable of
   *     another name than {@code LAKEBASE_PASSWORD}
   */
  public static LakebaseAddress of(ConnectionInfoProvider lakebase) {
    if (!(lakebase instanceof PostgresUrl url)) {
      return new LakebaseAddress(lakebase.toString(), "");
    }
    var text = url.toString();
    var name =
        text.contains("?")
            ? text
            : text + url.rootCertificate().map(file -> "?sslrootcert=" + file).orElse("");
    if (url.password() instanceof SecretPlace.InFile file) {
      return new LakebaseAddress(name, file.path());
    }
    if (url.password() instanceof SecretPlace.InVariable variable
        && !variable.name().equals(ConnectionInfoProvider.PASSWORD)) {
      throw ErrorCode.BAD_OPTION
          .error()
          .with("variable", variable.name())
          .with("expected", ConnectionInfoProvider.PASSWORD);
    }
    return new LakebaseAddress(name, "");
  }

  /** The ways to open connections, which keep a token until it is renewed. */
  public Connections connections() {
    return CONNECTIONS.computeIfAbsent(
        this, address -> Connections.to(address.provider(Environment.ofProcess())));
  }

  ConnectionInfoProvider provider(Environment environment) {
    var variable = ConnectionInfoProvider.PASSWORD + SecretPlace.FILE_SUFFIX;
    return ConnectionInfoProvider.parse(
        name,
        passwordFile.isEmpty() ? environment : environment.with(Map.of(variable, passwordFile)));
  }
}
