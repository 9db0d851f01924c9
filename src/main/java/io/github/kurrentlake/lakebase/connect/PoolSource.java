package io.github.kurrentlake.lakebase.connect;

import io.github.kurrentlake.error.KurrentlakeException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** Where the pool gets its connections; it never sees a password. */
record PoolSource(Connections connections, String application) implements DataSource {

  @Override
  public Connection getConnection() throws SQLException {
    try {
      return connections.open(application);
    } catch (KurrentlakeException e) {
      // The pool expects this type; who borrows gets the cause.
      throw new SQLException(e.code().problem(), e);
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("users log in as their provider says");
  }

  @Override
  public PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("it has none");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("it wraps nothing");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
