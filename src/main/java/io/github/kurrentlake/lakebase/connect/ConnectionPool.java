package io.github.kurrentlake.lakebase.connect;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * A few connections that are opened when they are needed and closed when they are not, so that an
 * endpoint that nobody uses can scale to zero. The first is opened with the first call of {@link
 * #borrow}.
 */
public final class ConnectionPool implements AutoCloseable {
  private static final int MOST = 4;
  private static final Duration IDLE = Duration.ofSeconds(60);

  /** Lakebase closes a connection after days; its token's hour is a rhythm of its own. */
  private static final Duration LIFETIME = Duration.ofMinutes(45);

  private static final Duration WAIT = Duration.ofSeconds(30);

  private final Connections connections;
  private final String application;
  private HikariDataSource pool;
  private boolean closed;

  private ConnectionPool(Connections connections, String application) {
    this.connections = connections;
    this.application = application;
  }

  public static ConnectionPool of(Connections connections, String application) {
    return new ConnectionPool(connections, application);
  }

  /**
   * A connection in auto-commit; closing it gives it back.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException as {@link Connections#open(String)},
   *     or KL-603 when all are in use for 30 seconds
   */
  public Connection borrow() {
    try {
      return pool().getConnection();
    } catch (SQLException | PoolInitializationException e) {
      throw failed(e);
    }
  }

  /** Closes what is open; a borrowed connection as soon as it is given back. */
  @Override
  public synchronized void close() {
    closed = true;
    if (pool != null) {
      pool.close();
    }
  }

  private synchronized HikariDataSource pool() {
    if (closed) {
      throw new IllegalStateException("the pool is closed");
    }
    if (pool == null) {
      pool = new HikariDataSource(config());
    }
    return pool;
  }

  private HikariConfig config() {
    var config = new HikariConfig();
    config.setPoolName(application);
    config.setDataSource(new PoolSource(connections, application));
    config.setMaximumPoolSize(MOST);
    config.setMinimumIdle(0);
    config.setIdleTimeout(IDLE.toMillis());
    config.setMaxLifetime(LIFETIME.toMillis());
    config.setConnectionTimeout(WAIT.toMillis());
    // The first connection is opened at once, so that a wrong address fails at once.
    config.setInitializationFailTimeout(1);
    return config;
  }

  private KurrentlakeException failed(Exception e) {
    return Causes.known(e)
        .orElseGet(
            () ->
                ErrorCode.LAKEBASE_UNREACHABLE
                    .error()
                    .with("lakebase", connections.provider())
                    .with("reason", reason(e))
                    .causedBy(e));
  }

  /** The pool waits also where it could open no connection, and then says why. */
  private static String reason(Exception e) {
    return e.getCause() == null
        ? "no connection was free for " + WAIT.toSeconds() + " s"
        : e.getCause().toString();
  }
}
