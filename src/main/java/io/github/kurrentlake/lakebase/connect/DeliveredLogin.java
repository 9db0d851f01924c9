package io.github.kurrentlake.lakebase.connect;

import io.github.kurrentlake.settings.Secret;
import java.time.Instant;

/**
 * A login on its way to an executor, with its token. A task opens its connection when it starts,
 * and that outlives the token; so there is nothing to renew.
 */
final class DeliveredLogin implements ConnectionInfoProvider {
  private final String name;
  private final PostgresAddress address;
  private final String token;
  private final Instant expiresAt;

  private DeliveredLogin(String name, ConnectionInfo info) {
    this.name = name;
    this.address = info.address();
    this.token = info.password().reveal();
    this.expiresAt = info.expiresAt();
  }

  static DeliveredLogin of(ConnectionInfoProvider provider) {
    return new DeliveredLogin(provider.toString(), provider.fetch());
  }

  @Override
  public ConnectionInfo fetch() {
    return new ConnectionInfo(address, Secret.of(token), expiresAt);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return name;
  }
}
