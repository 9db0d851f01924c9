package io.github.kurrentlake.lakebase.connect;

import java.io.Serializable;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Where a database is, who logs in, and how the server proves its name.
 *
 * @param user the Postgres role
 * @param rootCertificate a PEM file, on every machine, with the authority to trust; empty for those
 *     that Java trusts
 */
public record PostgresAddress(
    String host, int port, String database, String user, String rootCertificate)
    implements Serializable {
  static final int DEFAULT_PORT = 5432;

  /** An address whose server proves its name by an authority that Java trusts. */
  public static PostgresAddress of(String host, int port, String database, String user) {
    return new PostgresAddress(host, port, database, user, "");
  }

  /** The address as the driver reads it, without the user. */
  public String jdbcUrl() {
    return "jdbc:postgresql://%s:%d/%s"
        .formatted(host, port, URLEncoder.encode(database, StandardCharsets.UTF_8));
  }

  /** The address as {@link ConnectionInfoProvider#parse} reads it. */
  String url() {
    var url =
        "postgresql://%s@%s:%d/%s"
            .formatted(LakebaseName.encode(user), host, port, LakebaseName.encode(database));
    return rootCertificate.isEmpty()
        ? url
        : url + "?sslrootcert=" + LakebaseName.encode(rootCertificate);
  }

  /** Whether the bytes stay on this machine, so that they may go unencrypted. */
  boolean isLoopback() {
    return host.equals("localhost")
        || host.equals("::1")
        || host.equals("[::1]")
        || host.matches("127(\\.\\d{1,3}){3}");
  }
}
