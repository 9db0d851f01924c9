package io.github.kurrentlake.testing;

import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.Query;
import io.github.kurrentlake.lakebase.source.LakebaseAddress;
import io.github.kurrentlake.lakebase.source.LakebaseOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A database of a test class, and what a test does there. */
public record PostgresClient(ConnectionInfoProvider database, Connections connections) {

  public static PostgresClient of(Class<?> test) {
    return of(Postgres.database(test));
  }

  public static PostgresClient of(ConnectionInfoProvider database) {
    return new PostgresClient(database, Connections.to(database));
  }

  public Connection open() {
    return connections.open("test");
  }

  /** Runs statements, each in a transaction of its own. */
  public void run(String... statements) {
    try (var connection = open();
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The rows of a query, their columns as texts with {@code |} between. */
  public List<String> rows(String query) {
    try (var connection = open()) {
      return rows(connection, query);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The same over a connection that stays open. */
  public static List<String> rows(Connection connection, String query) throws SQLException {
    return Query.of(connection, query)
        .list(
            row -> {
              var columns = new ArrayList<String>();
              for (var column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                columns.add(row.getString(column));
              }
              return String.join("|", columns);
            });
  }

  /** What the source needs to read a table of this database. */
  public Map<String, String> options(String table) {
    var options = new HashMap<>(LakebaseAddress.of(database).options());
    options.put(LakebaseOption.TABLE.name(), table);
    return options;
  }
}
