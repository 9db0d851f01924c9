package io.github.kurrentlake.lakebase;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.ConnectionPool;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresErrors;
import io.github.kurrentlake.lakebase.schema.Change;
import io.github.kurrentlake.lakebase.schema.Migration;
import io.github.kurrentlake.lakebase.schema.PgTable;
import io.github.kurrentlake.settings.Environment;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A client of one Lakebase, for applications and notebooks. Logging in, renewing tokens and keeping
 * few connections are its own business; it may be used by several threads.
 *
 * <pre>{@code
 * try (var lakebase = LakebaseClient.connect("instances/my_lakebase")) {
 *   lakebase.migrate(
 *       PgTable.named("app.sales_targets")
 *           .columns(
 *               PgColumn.required("region", PgType.TEXT),
 *               PgColumn.optional("target", PgType.numeric(12, 2)),
 *               PgColumn.required("updated_at", PgType.TIMESTAMPTZ).otherwise(NOW))
 *           .primaryKey("region"));
 *
 *   record SalesTarget(String region, BigDecimal target, Instant updatedAt) {}
 *   var targets = lakebase.table("app.sales_targets", SalesTarget.class, "region");
 *   targets.upsert(new SalesTarget("north", new BigDecimal("1000.00"), Instant.now()));
 *   Optional<SalesTarget> north = targets.find("north");
 *   List<SalesTarget> high =
 *       lakebase.query(
 *           SalesTarget.class, "SELECT * FROM app.sales_targets WHERE target > ?", 500);
 * }
 * }</pre>
 *
 * <p>A method without a transaction of its own is one transaction: it is done as a whole or, when
 * it throws, not at all.
 */
public final class LakebaseClient extends Statements implements AutoCloseable {
  private static final String APPLICATION = "kurrentlake-client";

  private final Connections connections;
  private final ConnectionPool pool;

  private LakebaseClient(Connections connections) {
    this.connections = connections;
    this.pool = ConnectionPool.of(connections, APPLICATION);
  }

  /**
   * The Lakebase of a name such as {@code instances/my_lakebase}, as {@link
   * ConnectionInfoProvider#parse} reads it, with the secrets of this process's environment.
   * Connects when it is first used.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-601
   */
  public static LakebaseClient connect(String name) {
    return to(ConnectionInfoProvider.parse(name, Environment.ofProcess()));
  }

  /** Connects when it is first used. */
  public static LakebaseClient to(ConnectionInfoProvider provider) {
    return new LakebaseClient(Connections.to(provider));
  }

  /** What {@link #migrate} would do now. */
  public List<Change> plan(PgTable... tables) {
    return plan(List.of(tables));
  }

  /** The same, for Python. */
  public List<Change> plan(List<PgTable> tables) {
    return Migration.of(connections, tables).plan();
  }

  /**
   * Makes the schemas, tables, columns, indexes and comments that are missing, and gives what it
   * made; see {@link Migration}.
   */
  public List<Change> migrate(PgTable... tables) {
    return migrate(List.of(tables));
  }

  /** The same, for Python. */
  public List<Change> migrate(List<PgTable> tables) {
    return Migration.of(connections, tables).apply();
  }

  /**
   * Does some work in one transaction, which is committed when the work returns and rolled back
   * when it throws.
   *
   * @return what the work returns
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-617 when the connection broke while
   *     it was committed
   */
  public <T> T inTransaction(Function<Transaction, T> work) {
    try (var connection = pool.borrow()) {
      connection.setAutoCommit(false);
      T result;
      try {
        result = work.apply(new Transaction(connection, provider()));
      } catch (RuntimeException | Error e) {
        rollBack(connection, e);
        throw e;
      }
      commit(connection);
      return result;
    } catch (SQLException e) {
      throw PostgresErrors.known(e, provider());
    }
  }

  /** Does some work that returns nothing in one transaction. */
  public void transaction(Consumer<Transaction> work) {
    inTransaction(
        transaction -> {
          work.accept(transaction);
          return transaction;
        });
  }

  /** Closes its connections. */
  @Override
  public void close() {
    pool.close();
  }

  @Override
  ConnectionInfoProvider provider() {
    return connections.provider();
  }

  @Override
  <T> T with(Work<T> work) {
    return inTransaction(transaction -> transaction.with(work));
  }

  private static void rollBack(Connection connection, Throwable thrown) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // A broken connection has rolled back by itself.
      thrown.addSuppressed(e);
    }
  }

  private void commit(Connection connection) throws SQLException {
    try {
      connection.commit();
    } catch (SQLException e) {
      var known = PostgresErrors.known(e, provider());
      if (known.code() == ErrorCode.LAKEBASE_UNREACHABLE) {
        throw ErrorCode.COMMIT_UNKNOWN.error().with("lakebase", provider()).causedBy(known);
      }
      throw known;
    }
  }
}
