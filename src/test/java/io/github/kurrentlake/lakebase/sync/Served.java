package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.testing.PostgresClient;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What an application sees in Postgres, over a connection of its own. */
final class Served implements AutoCloseable {
  private final Connection connection;

  Served(ConnectionInfoProvider database) {
    this.connection = Connections.to(database).open("application");
  }

  /** Forgets the application's tables and what is known of syncs. */
  void reset() {
    execute("DROP SCHEMA IF EXISTS app CASCADE");
    execute("DROP SCHEMA IF EXISTS kurrentlake CASCADE");
  }

  /** The rows, each as its values' texts with a bar between. */
  List<String> rows(String sql) {
    try {
      return PostgresClient.rows(connection, sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /**
   * Notes every row that is written to a table in {@code app.audit}, so that one that is written
   * twice shows.
   */
  void audit(String table) {
    execute("CREATE TABLE app.audit (LIKE %s)".formatted(table));
    execute(
        """
        CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          INSERT INTO app.audit SELECT NEW.*; RETURN NEW; END $$""");
    execute(
        "CREATE TRIGGER note AFTER INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION app.note()"
            .formatted(table));
  }

  String value(String sql) {
    return rows(sql).get(0);
  }

  void execute(String sql) {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
