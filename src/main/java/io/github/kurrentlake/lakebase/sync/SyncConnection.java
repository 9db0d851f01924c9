package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresErrors;
import io.github.kurrentlake.lakebase.connect.Query;
import io.github.kurrentlake.lakebase.schema.Catalog;
import io.github.kurrentlake.lakebase.schema.TableName;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The driver's connection of one run. It holds the synced table's advisory lock for as long as it
 * lives, so that no two runs write to the same table, and a run that follows a killed one begins
 * when Postgres has let go of all that the former did.
 */
final class SyncConnection implements AutoCloseable {
  static final String LOCK_WAIT = "30s";

  private static final String LOCK = "SELECT pg_advisory_lock(hashtextextended(?, 0))";

  /** The joins with staged rows; four megabytes, the default, would go through files. */
  private static final String ENOUGH_MEMORY =
      """
      SELECT set_config('work_mem', '64MB', false)
      FROM pg_settings WHERE name = 'work_mem' AND setting::bigint < 65536""";

  private final Connections connections;
  private final TableName target;
  private Connection connection;

  private SyncConnection(Connections connections, TableName target, Connection connection) {
    this.connections = connections;
    this.target = target;
    this.connection = connection;
  }

  /**
   * Waits up to half a minute for another run to end.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-608 when it did not
   */
  static SyncConnection lock(Connections connections, TableName target) {
    return new SyncConnection(connections, target, locked(connections, target));
  }

  TableName target() {
    return target;
  }

  void execute(String sql) throws SQLException {
    query(sql).run();
  }

  /** Runs a statement and gives the number of rows it wrote. */
  long update(String sql) throws SQLException {
    return query(sql).run();
  }

  long number(String sql) throws SQLException {
    return query(sql).one(row -> row.getLong(1));
  }

  boolean holds(String condition) throws SQLException {
    return query(condition).one(row -> row.getBoolean(1));
  }

  Catalog catalog() {
    return new Catalog(connection);
  }

  Query query(String sql, Object... parameters) {
    return Query.of(connection, sql, parameters);
  }

  /** A statement whose parameters are the synced table's schema and name. */
  Query ofTarget(String sql) {
    return query(sql, target.schema().name(), target.table().name());
  }

  /** Work that is done as a whole or not at all. */
  void inTransaction(Work work) throws SQLException {
    inTransaction(work, connection::commit);
  }

  /**
   * Work that is done as a whole together with the state, or not at all. When the connection breaks
   * in the commit, Postgres is asked whether it took place: the new session gets the lock when the
   * old one has ended, and then the state that stands there is final.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-646 when Postgres cannot be asked
   */
  void inTransaction(Work work, SyncState state) throws SQLException {
    inTransaction(work, () -> commit(state));
  }

  private void inTransaction(Work work, Work commit) throws SQLException {
    connection.setAutoCommit(false);
    try {
      work.run();
      commit.run();
    } catch (SQLException | RuntimeException e) {
      rollback(e);
      throw e;
    }
    connection.setAutoCommit(true);
  }

  private void rollback(Exception failure) {
    try {
      if (!connection.isClosed() && !connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private void commit(SyncState state) throws SQLException {
    state.note(this);
    try {
      connection.commit();
    } catch (SQLException e) {
      if (!hasCommitted(state, e)) {
        throw e;
      }
    }
  }

  private boolean hasCommitted(SyncState state, SQLException unknown) {
    try {
      connection.close();
      connection = locked(connections, target);
      return SyncState.read(this).filter(state::equals).isPresent();
    } catch (SQLException | RuntimeException e) {
      unknown.addSuppressed(e);
      throw ErrorCode.SYNC_OUTCOME_UNKNOWN.error().with("table", target).causedBy(unknown);
    }
  }

  private static Connection locked(Connections connections, TableName target) {
    var connection = connections.open(CopyTask.APPLICATION);
    try {
      try (var statement = connection.createStatement()) {
        statement.execute("SET TimeZone = 'UTC'");
        statement.execute("SET lock_timeout = '%s'".formatted(LOCK_WAIT));
        statement.execute(ENOUGH_MEMORY);
        // Postgres' default is that of a turning disk: it would read the whole table for a few
        // keys.
        statement.execute("SET random_page_cost = 1.1");
        // The lock of a machine that vanished is free after a minute and a half.
        statement.execute("SET tcp_keepalives_idle = 60");
        statement.execute("SET tcp_keepalives_interval = 10");
        statement.execute("SET tcp_keepalives_count = 3");
      }
      Query.of(connection, LOCK, "kurrentlake-sync " + target.sql()).run();
      return connection;
    } catch (SQLException e) {
      try {
        connection.close();
      } catch (SQLException alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
      throw PostgresErrors.known(e, connections.provider());
    }
  }

  /** Statements on this connection. */
  @FunctionalInterface
  interface Work {
    void run() throws SQLException;
  }
}
