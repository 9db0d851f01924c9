package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresUrl;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.SecretPlace;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A Lakebase as options name it: texts, and no secret.
 *
 * @param name what {@link ConnectionInfoProvider#parse} reads
 * @param passwordFile the file with the password, on every machine; empty for none
 * @param passwordSecret the Databricks secret with it, SCOPE/KEY; empty for none. Without both the
 *     environment says where the password is
 */
public record LakebaseAddress(String name, String passwordFile, String passwordSecret) {

  /**
   * The address of a provider.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-102 for a password in a variable of
   *     another name than {@code LAKEBASE_PASSWORD}
   */
  public static LakebaseAddress of(ConnectionInfoProvider lakebase) {
    var name = lakebase.toString();
    if (!(lakebase instanceof PostgresUrl url)) {
      return new LakebaseAddress(name, "", "");
    }
    if (url.password() instanceof SecretPlace.InFile file) {
      return new LakebaseAddress(name, file.path(), "");
    }
    if (url.password() instanceof SecretPlace.InDatabricks secret) {
      return new LakebaseAddress(name, "", secret.name().toString());
    }
    if (url.password() instanceof SecretPlace.InVariable variable
        && !variable.name().equals(ConnectionInfoProvider.PASSWORD)) {
      throw ErrorCode.BAD_OPTION
          .error()
          .with("variable", variable.name())
          .with("expected", ConnectionInfoProvider.PASSWORD);
    }
    return new LakebaseAddress(name, "", "");
  }

  /** The options of the source that name it. */
  public Map<String, String> options() {
    var options = new LinkedHashMap<String, String>();
    options.put(LakebaseOption.LAKEBASE.name(), name);
    options.put(LakebaseOption.PASSWORD_FILE.name(), passwordFile);
    options.put(LakebaseOption.PASSWORD_SECRET.name(), passwordSecret);
    options.values().removeIf(String::isEmpty);
    return options;
  }

  /** New ways to open connections, which keep a token until it is renewed. */
  Connections connections() {
    var environment = Environment.ofProcess();
    if (!passwordFile.isEmpty() || !passwordSecret.isEmpty()) {
      var password = ConnectionInfoProvider.PASSWORD;
      environment =
          environment.with(
              Map.of(
                  password + SecretPlace.FILE_SUFFIX, passwordFile,
                  password + SecretPlace.SECRET_SUFFIX, passwordSecret));
    }
    return Connections.to(ConnectionInfoProvider.parse(name, environment));
  }
}
