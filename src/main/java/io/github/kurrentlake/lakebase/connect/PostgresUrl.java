package io.github.kurrentlake.lakebase.connect;

import io.github.kurrentlake.settings.SecretPlace;
import java.time.Instant;

/**
 * A Postgres at an address, with a password that somebody gave.
 *
 * @param password where it is kept; it is read again for every login that the last one did not open
 */
public record PostgresUrl(PostgresAddress address, SecretPlace password)
    implements ConnectionInfoProvider {

  @Override
  public ConnectionInfo fetch() {
    return new ConnectionInfo(address, password.read(), Instant.MAX);
  }

  @Override
  public ConnectionInfoProvider forTasks() {
    return new PostgresUrl(address, password.forTasks());
  }

  @Override
  public String toString() {
    return address.url();
  }
}
