package io.github.kurrentlake.bench;

import io.github.kurrentlake.settings.SecretPlace;
import java.util.Properties;
import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;

/** Gives Spark's JDBC source a password that is in none of its options. The driver makes it. */
public final class FilePassword implements AuthenticationPlugin {
  static final String FILE = "kurrentlakepasswordfile";

  private final SecretPlace place;

  public FilePassword(Properties properties) {
    this.place = new SecretPlace.InFile(properties.getProperty(FILE));
  }

  @Override
  public char[] getPassword(AuthenticationRequestType type) {
    return place.read().reveal().toCharArray();
  }
}
