package io.github.kurrentlake.lakebase.connect;

import io.github.kurrentlake.settings.Secret;
import java.time.Instant;

/**
 * A login on its way to an executor, with its token. A task opens its connection when it starts,
 * and that outlives the token; so there is nothing to renew.
 */
final class DeliveredLogin implements ConnectionInfoProvider {
  private final String name;
  private final String host;
  private final int port;
  private final String database;
  private final String user;
  private final String token;
  private final Instant expiresAt;
  private final String rootCertificate;

  private DeliveredLogin(String name, ConnectionInfo info) {
    this.name = name;
    this.host = info.host();
    this.port = info.port();
    this.database = info.database();
    this.user = info.user();
    this.token = info.password().reveal();
    this.expiresAt = info.expiresAt();
    this.rootCertificate = info.rootCertificate();
  }

  static DeliveredLogin of(ConnectionInfoProvider provider) {
    return new DeliveredLogin(provider.toString(), provider.fetch());
  }

  @Override
  public ConnectionInfo fetch() {
    return new ConnectionInfo(
        host, port, database, user, Secret.of(token), expiresAt, rootCertificate);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return name;
  }
}
