package io.github.kurrentlake.lakebase.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.embedded.kurrentdb.TestCertificates;
import io.github.kurrentlake.embedded.postgres.LocalPostgres;
import io.github.kurrentlake.testing.Postgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresTlsTest {
  @TempDir private Path directory;

  @Test
  void aServerMustProveItsNameByTheAuthorityThatIsGiven() throws Exception {
    var certificates = TestCertificates.create();
    var authority = write("ca.pem", certificates.authority());
    var foreign = write("foreign.pem", TestCertificates.create().authority());
    try (var server = LocalPostgres.temporary()) {
      encrypt(server, certificates);

      try (var connection = Connections.to(trusting(server, "localhost", authority)).open("test")) {
        var isEncrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        assertThat(Query.of(connection, isEncrypted).text()).isEqualTo("t");
      }
      assertThatThrownBy(() -> Connections.to(trusting(server, "localhost", foreign)).open("test"))
          .hasMessageContaining("KL-604");
      assertThatThrownBy(() -> Connections.to(trusting(server, "127.1", authority)).open("test"))
          .hasMessageContaining("KL-604");
    }
  }

  @Test
  void aServerWithoutTlsIsRefusedWhereAnAuthorityIsGiven() throws Exception {
    var authority = write("ca.pem", TestCertificates.create().authority());

    assertThatThrownBy(
            () -> Connections.to(trusting(Postgres.server(), "localhost", authority)).open("test"))
        .hasMessageContaining("KL-604");
  }

  private static PostgresUrl trusting(LocalPostgres server, String host, Path authority) {
    var url = (PostgresUrl) server.database("postgres");
    var known = url.address();
    return new PostgresUrl(
        new PostgresAddress(
            host, known.port(), known.database(), known.user(), authority.toString()),
        url.password());
  }

  private void encrypt(LocalPostgres server, TestCertificates certificates) throws Exception {
    var certificate = write("server.pem", certificates.server());
    var key = write("server.key", certificates.serverKey());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    try (var connection = Connections.to(server.database("postgres")).open("test");
        var statement = connection.createStatement()) {
      statement.execute("ALTER SYSTEM SET ssl_cert_file = '%s'".formatted(certificate));
      statement.execute("ALTER SYSTEM SET ssl_key_file = '%s'".formatted(key));
      statement.execute("ALTER SYSTEM SET ssl = on");
      statement.execute("SELECT pg_reload_conf()");
    }
    awaitTls(server);
  }

  /** The server reads its settings again a moment after it was told to. */
  private static void awaitTls(LocalPostgres server) throws SQLException {
    var on = false;
    while (!on) {
      try (var connection = Connections.to(server.database("postgres")).open("test")) {
        on = Query.of(connection, "SHOW ssl").text().equals("on");
      }
    }
  }

  private Path write(String name, String text) throws Exception {
    return Files.writeString(directory.resolve(name), text);
  }
}
