package io.github.kurrentlake.lakebase.connect;

import io.github.kurrentlake.settings.SecretPlace;
import java.time.Instant;

/**
 * A Postgres at an address, with a password that somebody gave.
 *
 * @param password where it is kept; it is read anew for every login that the last one did not open
 * @param rootCertificate a PEM file, on every machine, with the authority to trust; empty for those
 *     that Java trusts
 */
public record PostgresUrl(
    String host,
    int port,
    String database,
    String user,
    SecretPlace password,
    String rootCertificate)
    implements ConnectionInfoProvider {

  @Override
  public ConnectionInfo fetch() {
    return new ConnectionInfo(
        host, port, database, user, password.read(), Instant.MAX, rootCertificate);
  }

  @Override
  public ConnectionInfoProvider forTasks() {
    return new PostgresUrl(host, port, database, user, password.forTasks(), rootCertificate);
  }

  @Override
  public String toString() {
    return "postgresql://%s@%s:%d/%s%s"
        .formatted(
            LakebaseName.encode(user),
            host,
            port,
            LakebaseName.encode(database),
            rootCertificate.isEmpty()
                ? ""
                : "?sslrootcert=" + LakebaseName.encode(rootCertificate));
  }
}
