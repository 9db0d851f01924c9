package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.settings.SecretName;
import io.github.kurrentlake.settings.SecretPlace;
import io.github.kurrentlake.settings.Setting;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The two options of which one says where a secret is.
 *
 * @param inDatabricks names a secret of Databricks
 * @param inFile names a file on every machine
 */
record SecretOptions(Setting<SecretName> inDatabricks, Setting<String> inFile) {
  static final SecretOptions USERNAME =
      new SecretOptions(SourceOption.USERNAME_SECRET, SourceOption.USERNAME_FILE);
  static final SecretOptions PASSWORD =
      new SecretOptions(SourceOption.PASSWORD_SECRET, SourceOption.PASSWORD_FILE);
  static final SecretOptions TLS_KEY =
      new SecretOptions(SourceOption.TLS_KEY_SECRET, SourceOption.TLS_KEY);

  /**
   * The place that the options name, if one of them is given.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-105 when both are
   */
  Optional<SecretPlace> find(CaseInsensitiveStringMap options) {
    var secret = inDatabricks.find(options);
    var file = inFile.find(options);
    if (secret.isPresent() && file.isPresent()) {
      throw ErrorCode.CONFLICTING_OPTIONS
          .error()
          .with("options", inDatabricks.name() + " and " + inFile.name());
    }
    return secret
        .<SecretPlace>map(SecretPlace.InDatabricks::new)
        .or(() -> file.map(SecretPlace.InFile::new));
  }

  /** The option that names this place; none for those that no option names. */
  Map<String, String> naming(SecretPlace place) {
    if (place instanceof SecretPlace.InDatabricks secret) {
      return Map.of(inDatabricks.name(), secret.name().toString());
    }
    if (place instanceof SecretPlace.InFile file) {
      return Map.of(inFile.name(), file.path());
    }
    return Map.of();
  }
}
