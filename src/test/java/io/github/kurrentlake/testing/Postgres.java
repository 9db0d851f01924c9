package io.github.kurrentlake.testing;

import io.github.kurrentlake.embedded.postgres.LocalPostgres;
import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;

/**
 * The one Postgres server of all tests of a JVM, and a database of its own for every test class. It
 * ends with the JVM.
 */
public final class Postgres {
  private Postgres() {}

  /** The way into a test class's database, which is empty when it is first asked for. */
  public static ConnectionInfoProvider database(Class<?> test) {
    return server().ensureDatabase(test.getSimpleName());
  }

  /** The server itself, for a test of logins or of several databases. */
  public static LocalPostgres server() {
    return Holder.SERVER;
  }

  private static final class Holder {
    private static final LocalPostgres SERVER = LocalPostgres.temporary();
  }
}
