package io.github.kurrentlake.cli;

import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.Secret;
import io.github.kurrentlake.source.Credentials;
import io.github.kurrentlake.source.Endpoint;
import io.github.kurrentlake.source.KurrentDb;
import io.github.kurrentlake.source.KurrentDbSettings;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;

/**
 * The KurrentDB of a command: the one that {@code --endpoint} names, or an embedded one that lives
 * as long as its use.
 */
final class KurrentDbAccess {
  /** The settings that name it, as options of a command. */
  static final TaskSettings SETTINGS =
      new TaskSettings(List.of(KurrentDbSettings.ENDPOINT, KurrentDbSettings.TLS_CA));

  private static final String ADMIN = "admin";
  private static final String ENDPOINT = TaskSettings.parameter(KurrentDbSettings.ENDPOINT);
  private static final String TLS_CA = TaskSettings.parameter(KurrentDbSettings.TLS_CA);

  @Mixin private LogSource source;

  /** What is done with it. */
  @FunctionalInterface
  interface Use {
    /**
     * Does it, and gives the exit code.
     *
     * @param parameters job parameters, with those by which tasks reach it
     * @param environment where the tasks find the credentials
     */
    int of(Map<String, String> parameters, Environment environment);
  }

  /**
   * Refuses what cannot be meant.
   *
   * @param given the job parameters that the user gave
   */
  void check(Map<String, String> given) {
    source.check();
    if (given.containsKey(ENDPOINT)) {
      source.refuseAllWith("--endpoint");
      Credentials.of(Environment.ofProcess(), Endpoint.parse(given.get(ENDPOINT)));
    } else if (given.containsKey(TLS_CA)) {
      throw ErrorCode.MISSING_OPTION.error().with("option", "--endpoint").with("for", "--tls-ca");
    }
  }

  /** The KurrentDB of a use. */
  static KurrentDb node(Map<String, String> parameters, Environment environment) {
    return KurrentDbSettings.kurrentdb(SETTINGS.of(parameters, environment));
  }

  int use(Launcher launcher, Map<String, String> given, Use use) {
    if (given.containsKey(ENDPOINT)) {
      launcher.out().println("KurrentDB  " + given.get(ENDPOINT));
      return use.of(given, Environment.ofProcess());
    }
    var password = password();
    try (var files = PrivateFiles.create();
        var kurrentdb = EmbeddedKurrentDb.builder().user(ADMIN, Secret.of(password)).start()) {
      source.load(kurrentdb);
      launcher
          .out()
          .printf(
              "KurrentDB  %s, embedded: %,d records of %s%n",
              kurrentdb.endpoint(), kurrentdb.recordCount(), source.description());
      var parameters = new HashMap<>(given);
      parameters.put(ENDPOINT, kurrentdb.endpoint().toString());
      parameters.put(TLS_CA, files.write("ca.pem", kurrentdb.caCertificate()).toString());
      var environment =
          Environment.ofProcess()
              .with(
                  Map.of(
                      Credentials.USERNAME + "_FILE", files.write("username", ADMIN).toString(),
                      Credentials.PASSWORD + "_FILE",
                          files.write("password", password).toString()));
      return use.of(parameters, environment);
    }
  }

  /** A new one each time: the embedded node is for this use alone. */
  private static String password() {
    var bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
