package io.github.kurrentlake.lakebase.schema;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresErrors;
import io.github.kurrentlake.lakebase.connect.Query;
import io.github.kurrentlake.lakebase.connect.SqlState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.postgresql.util.PSQLException;

/**
 * Makes a database hold the tables that are declared. Only what is missing is made, so that it can
 * be run at every deployment and at any time again.
 *
 * <ul>
 *   <li>Several runs at once wait for each other at an advisory lock; what other programs make at
 *       the same moment is noticed, and the rest is planned again.
 *   <li>Schemas, tables, columns and comments are made in one transaction. Indexes follow one by
 *       one, made while others write; one whose making was broken off is taken away and made again.
 *   <li>No statement waits longer than ten seconds for a lock, since anyone who needs the table
 *       next waits behind it.
 * </ul>
 */
public final class Migration {
  private static final String APPLICATION = "kurrentlake-migration";

  /** The lock's number: the letters {@code kurrentl}. */
  private static final long LOCK = 0x6b757272656e746cL;

  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration TURN_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration TURN_POLL = Duration.ofMillis(50);
  private static final int ATTEMPTS = 5;
  private static final Set<String> MADE_BY_OTHERS =
      Set.of(
          SqlState.DUPLICATE_SCHEMA,
          SqlState.DUPLICATE_TABLE,
          SqlState.DUPLICATE_COLUMN,
          SqlState.DUPLICATE_OBJECT);

  private final Connections connections;
  private final List<PgTable> tables;

  private Migration(Connections connections, List<PgTable> tables) {
    this.connections = connections;
    this.tables = List.copyOf(tables);
  }

  public static Migration of(Connections connections, List<PgTable> tables) {
    return new Migration(connections, tables);
  }

  /**
   * What {@link #apply} would do now, in its order; empty when everything is there.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-612 when a table, a column or an
   *     index is there and differs from what is declared, or an error of the connection
   */
  public List<Change> plan() {
    try (var connection = connections.open(APPLICATION)) {
      return plan(connection);
    } catch (SQLException e) {
      throw PostgresErrors.known(e, connections.provider());
    }
  }

  /**
   * Makes what is missing and gives what it made. When it fails, what is declared before may be
   * there already, and a next run makes the rest.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException as {@link #plan}, KL-608 when a lock
   *     could not be had, or another error of Postgres
   */
  public List<Change> apply() {
    try (var connection = connections.open(APPLICATION)) {
      try (var statement = connection.createStatement()) {
        statement.execute("SET lock_timeout = " + LOCK_TIMEOUT.toMillis());
      }
      awaitTurn(connection);
      // The lock is given back with the connection.
      return applyInTurn(connection);
    } catch (SQLException e) {
      throw PostgresErrors.known(e, connections.provider());
    }
  }

  private List<Change> plan(Connection connection) throws SQLException {
    return new Planner(new Catalog(connection)).plan(tables);
  }

  /**
   * Asks again and again instead of waiting in Postgres: a statement that waits holds a snapshot,
   * for whose end CREATE INDEX CONCURRENTLY of the lock's holder would wait in turn.
   */
  private void awaitTurn(Connection connection) throws SQLException {
    var end = Instant.now().plus(TURN_TIMEOUT);
    while (!isTurn(connection)) {
      if (Instant.now().isAfter(end)) {
        throw ErrorCode.LAKEBASE_LOCKED
            .error()
            .with("lakebase", connections.provider())
            .with("reason", "another migration runs");
      }
      try {
        Thread.sleep(TURN_POLL.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw ErrorCode.LAKEBASE_LOCKED.error().with("reason", "interrupted").causedBy(e);
      }
    }
  }

  private static boolean isTurn(Connection connection) throws SQLException {
    return Query.of(connection, "SELECT pg_try_advisory_lock(?)", LOCK)
        .one(row -> row.getBoolean(1));
  }

  private List<Change> applyInTurn(Connection connection) throws SQLException {
    var done = new ArrayList<Change>();
    for (var attempt = 1; ; attempt++) {
      try {
        var changes = plan(connection);
        done.addAll(inOneTransaction(connection, changes));
        for (var change : changes) {
          if (!change.kind().isTransactional()) {
            execute(connection, change);
            done.add(change);
          }
        }
        return List.copyOf(done);
      } catch (SQLException e) {
        if (attempt == ATTEMPTS || !isMadeByOthers(e)) {
          throw e;
        }
      }
    }
  }

  private static List<Change> inOneTransaction(Connection connection, List<Change> changes)
      throws SQLException {
    var some = changes.stream().filter(change -> change.kind().isTransactional()).toList();
    connection.setAutoCommit(false);
    try {
      for (var change : some) {
        execute(connection, change);
      }
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
    return some;
  }

  private static void execute(Connection connection, Change change) throws SQLException {
    try (var statement = connection.createStatement()) {
      // Braces and question marks of a name are no escapes of JDBC.
      statement.setEscapeProcessing(false);
      statement.execute(change.sql());
    }
  }

  /** A race for a name ends in its own SQLSTATE, or in a key of the catalog that is there twice. */
  private static boolean isMadeByOthers(SQLException e) {
    if (MADE_BY_OTHERS.contains(SqlState.of(e))) {
      return true;
    }
    return SqlState.of(e).equals(SqlState.UNIQUE)
        && e instanceof PSQLException postgres
        && postgres.getServerErrorMessage() != null
        && "pg_catalog".equals(postgres.getServerErrorMessage().getSchema());
  }
}
