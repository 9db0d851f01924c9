package io.github.kurrentlake.embedded.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.testing.Postgres;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPostgresTest {
  @TempDir Path directory;

  @Test
  void aTemporaryServerIsARealPostgresWithLogicalReplication() throws SQLException {
    var database = Postgres.database(LocalPostgresTest.class);

    assertThat(text(database, "SHOW server_version")).startsWith("17.");
    assertThat(text(database, "SHOW wal_level")).isEqualTo("logical");
    assertThat(text(database, "SHOW synchronous_commit")).isEqualTo("on");
    assertThat(text(database, "SELECT current_database()")).isEqualTo("LocalPostgresTest");
    assertThat(text(database, "SHOW TimeZone")).isEqualTo("UTC");
  }

  static String text(ConnectionInfoProvider database, String sql) throws SQLException {
    try (var connection = Connections.to(database).open("test");
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
