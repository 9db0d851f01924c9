package io.github.kurrentlake.doctor;

import io.github.kurrentlake.doctor.Examination.Seen;
import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresErrors;
import io.github.kurrentlake.lakebase.connect.Query;
import io.github.kurrentlake.table.SqlTemplate;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** What the tasks about a Postgres or a Lakebase need of it. */
final class PostgresChecks {
  private static final long LONG_SECONDS = 300;

  private final Connections connections;

  PostgresChecks(ConnectionInfoProvider provider) {
    this.connections = Connections.to(provider);
  }

  /** A question to the server. */
  @FunctionalInterface
  private interface Question {
    Seen ask(Connection connection) throws SQLException;
  }

  List<Check> all() {
    return new Examination(connections.provider().toString())
        .check("login", () -> asked(PostgresChecks::login))
        .check("wal_level", () -> asked(PostgresChecks::walLevel))
        .check("slots", () -> asked(PostgresChecks::slots))
        .check("horizon", () -> asked(PostgresChecks::horizon))
        .check("privileges", () -> asked(PostgresChecks::privileges))
        .check("identity", () -> asked(PostgresChecks::identity))
        .checks();
  }

  private Seen asked(Question question) {
    try (var connection = connections.open("kurrentlake-doctor")) {
      return question.ask(connection);
    } catch (SQLException e) {
      throw PostgresErrors.known(e, connections.provider());
    }
  }

  private static Seen login(Connection connection) throws SQLException {
    return Seen.fine(
        Query.of(
                connection,
                "SELECT current_user || ', PostgreSQL ' || current_setting('server_version')")
            .text());
  }

  private static Seen walLevel(Connection connection) throws SQLException {
    var level = Query.of(connection, "SHOW wal_level").text();
    return level.equals("logical")
        ? Seen.fine(level)
        : Seen.doubtful(level + ": deletes need the mode slot, and that needs logical");
  }

  private static Seen slots(Connection connection) throws SQLException {
    return Query.of(connection, template("slots.sql"))
        .one(
            row -> {
              var seen =
                  "%d, of which nobody reads %d; the oldest holds back %s"
                      .formatted(row.getLong("slots"), row.getLong("idle"), row.getString("held"));
              return row.getLong("idle") == 0 ? Seen.fine(seen) : Seen.doubtful(seen);
            });
  }

  private static Seen horizon(Connection connection) throws SQLException {
    var seconds =
        Query.of(connection, template("oldest_transaction.sql")).one(row -> row.getLong(1));
    return seconds < LONG_SECONDS
        ? Seen.fine("the oldest transaction is open for %d s".formatted(seconds))
        : Seen.doubtful(
            "a transaction is open for %d s: what committed since it began waits for it"
                .formatted(seconds));
  }

  private static Seen privileges(Connection connection) throws SQLException {
    return Query.of(connection, template("privileges.sql"))
        .one(
            row -> {
              var seen =
                  "%d of %d tables can be read, %d written"
                      .formatted(row.getLong("read"), row.getLong("all"), row.getLong("written"));
              return row.getLong("read") == row.getLong("all")
                  ? Seen.fine(seen)
                  : Seen.doubtful(seen);
            });
  }

  private static Seen identity(Connection connection) throws SQLException {
    var without = Query.of(connection, template("without_identity.sql")).texts();
    return without.isEmpty()
        ? Seen.fine("each table tells which row was changed or deleted")
        : Seen.doubtful(
            "without a key or REPLICA IDENTITY, so that no slot tells which row was deleted: "
                + String.join(", ", without));
  }

  private static String template(String resource) {
    return SqlTemplate.beside(PostgresChecks.class, resource).fill(Map.of());
  }
}
