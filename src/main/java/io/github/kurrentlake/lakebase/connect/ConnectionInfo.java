package io.github.kurrentlake.lakebase.connect;

import io.github.kurrentlake.settings.Secret;
import java.time.Instant;

/**
 * All that one login needs. It holds a secret, so it stays in memory and does not travel.
 *
 * @param user the Postgres role
 * @param password a password or a token
 * @param expiresAt when the password stops to open connections; those that are open stay so
 * @param rootCertificate a PEM file with the authority to trust; empty for those that Java trusts
 */
public record ConnectionInfo(
    String host,
    int port,
    String database,
    String user,
    Secret password,
    Instant expiresAt,
    String rootCertificate) {
  static final int DEFAULT_PORT = 5432;

  /** Whether the bytes stay on this machine, so that they may go unencrypted. */
  boolean isLoopback() {
    return host.equals("localhost")
        || host.equals("::1")
        || host.equals("[::1]")
        || host.matches("127(\\.\\d{1,3}){3}");
  }
}
