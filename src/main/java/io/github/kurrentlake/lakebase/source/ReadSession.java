package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresErrors;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * One connection of the source, in one transaction. What Postgres shows as text must not depend on
 * who asks, so the session fixes how.
 */
final class ReadSession implements AutoCloseable {
  private static final String APPLICATION = "kurrentlake lakebase source";
  private static final String FORMS =
      """
      SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';
      SET bytea_output = 'hex'; SET extra_float_digits = 1; SET lc_monetary = 'C';
      SET standard_conforming_strings = on; SET xmlbinary = base64
      """;

  private final Connections connections;
  private final Connection connection;
  private CopyOut copy;

  private ReadSession(Connections connections, Connection connection) {
    this.connections = connections;
    this.connection = connection;
  }

  /** Something to do with a connection. */
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /**
   * @throws KurrentlakeException as {@link
   *     io.github.kurrentlake.lakebase.connect.Connections#open(String)}
   */
  static ReadSession open(Connections connections) {
    var connection = connections.open(APPLICATION);
    var session = new ReadSession(connections, connection);
    try {
      session.run(
          open -> {
            try (var statement = open.createStatement()) {
              statement.execute(FORMS);
            }
            open.setAutoCommit(false);
            return null;
          });
      return session;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** Opens a session for one piece of work, which is committed. */
  static <T> T with(Connections connections, Work<T> work) {
    try (var session = open(connections)) {
      return session.run(
          connection -> {
            var result = work.on(connection);
            connection.commit();
            return result;
          });
    }
  }

  /**
   * Does some work; Postgres' errors become ours.
   *
   * @throws KurrentlakeException KL-603, KL-607 to KL-609
   */
  <T> T run(Work<T> work) {
    try {
      return work.on(connection);
    } catch (SQLException e) {
      throw PostgresErrors.known(e, connections.provider());
    }
  }

  /** The rows of a SELECT as Postgres' binary form, streamed. */
  CopyOut copy(String select) {
    copy =
        run(
            open ->
                open.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY (" + select + ") TO STDOUT (FORMAT binary)"));
    return copy;
  }

  /** A copy that is given up before its end is cancelled, so that Postgres stops sending. */
  @Override
  public void close() {
    run(
        open -> {
          try (open) {
            if (copy != null && copy.isActive()) {
              copy.cancelCopy();
            }
          }
          return null;
        });
  }
}
