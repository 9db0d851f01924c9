package io.github.kurrentlake.source;

import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;

/** The settings that all tasks share which read a KurrentDB. */
public final class KurrentDbSettings {
  public static final Setting<Endpoint> ENDPOINT = SourceOption.ENDPOINT.ofTask();
  public static final Setting<String> TLS_CA = SourceOption.TLS_CA.ofTask();

  private KurrentDbSettings() {}

  /**
   * The cluster that the settings name, with the credentials of the environment.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-103 without credentials, KL-104 for
   *     a certificate that cannot be read
   */
  public static KurrentDb kurrentdb(Settings settings) {
    var endpoint = settings.get(ENDPOINT);
    var credentials = Credentials.of(settings.environment(), endpoint);
    return KurrentDb.at(endpoint, settings.find(TLS_CA), credentials);
  }
}
