package io.github.kurrentlake.lakebase;

import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.PostgresErrors;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A transaction while its work runs; for one thread. After an error of Postgres it can only be
 * rolled back, so the error must leave the work.
 */
public final class Transaction extends Statements {
  private final Connection connection;
  private final ConnectionInfoProvider provider;

  Transaction(Connection connection, ConnectionInfoProvider provider) {
    this.connection = connection;
    this.provider = provider;
  }

  @Override
  ConnectionInfoProvider provider() {
    return provider;
  }

  @Override
  <T> T with(Work<T> work) {
    try {
      return work.on(connection);
    } catch (SQLException e) {
      throw PostgresErrors.known(e, provider);
    }
  }
}
