package io.github.kurrentlake.testing;

import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.source.Credentials;
import io.github.kurrentlake.source.Endpoint;
import io.github.kurrentlake.source.KurrentDb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The way to an embedded KurrentDB, with the password in a file as a user would keep it. */
public final class KurrentDbs {
  private KurrentDbs() {}

  /** As its default user. */
  public static KurrentDb reach(EmbeddedKurrentDb kurrentdb, Path directory) {
    return reach(kurrentdb, directory, "changeit");
  }

  public static KurrentDb reach(EmbeddedKurrentDb kurrentdb, Path directory, String password) {
    var endpoint = Endpoint.parse(kurrentdb.endpoint().toString());
    var ca = Optional.of(kurrentdb.caCertificate()).filter(text -> endpoint.isTls());
    return KurrentDb.at(endpoint, ca, Credentials.of(environment(directory, password), endpoint));
  }

  /** Variables that name files with the credentials. */
  public static Environment environment(Path directory, String password) {
    return Environment.ofProcess()
        .with(
            Map.of(
                Credentials.USERNAME + "_FILE", file(directory, "username", "admin"),
                Credentials.PASSWORD + "_FILE", file(directory, "password", password)));
  }

  private static String file(Path directory, String name, String text) {
    try {
      return Files.writeString(directory.resolve(name), text).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
