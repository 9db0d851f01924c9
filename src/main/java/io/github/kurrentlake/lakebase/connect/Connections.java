package io.github.kurrentlake.lakebase.connect;

import static java.util.stream.Collectors.joining;

import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/**
 * Opens connections to one Lakebase. Login data is fetched when the first connection is opened and
 * kept in memory until two minutes before it expires, or until Postgres refuses it: then new data
 * is fetched, once. Connections that are open outlive their token. Safe for use by several threads.
 *
 * <p>Off loopback every connection is encrypted and the server must prove its name ({@code
 * verify-full}), by the authorities that Java trusts or by {@code sslrootcert}.
 */
public final class Connections {
  private static final Duration RENEW_BEFORE = Duration.ofMinutes(2);

  private final ConnectionInfoProvider provider;
  private ConnectionInfo kept;

  private Connections(ConnectionInfoProvider provider) {
    this.provider = provider;
  }

  /** Connects to nothing yet. */
  public static Connections to(ConnectionInfoProvider provider) {
    return new Connections(provider);
  }

  /** The Lakebase, as a person would name it. */
  public ConnectionInfoProvider provider() {
    return provider;
  }

  /**
   * A new connection in auto-commit.
   *
   * @param application shown in {@code pg_stat_activity}
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-602 to KL-606, KL-619, or what
   *     {@link ConnectionInfoProvider#fetch} throws
   */
  public Connection open(String application) {
    return open(application, Map.of());
  }

  /**
   * A new connection with further properties of the JDBC driver, such as that for logical
   * replication.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException as {@link #open(String)}
   */
  public Connection open(String application, Map<PGProperty, String> properties) {
    try {
      var info = current();
      try {
        return connect(info, application, properties);
      } catch (SQLException e) {
        if (!SqlState.of(e).equals(SqlState.INVALID_PASSWORD)) {
          throw e;
        }
        // The password was changed, or the token taken back before its time.
        return connect(renewed(info), application, properties);
      }
    } catch (SQLException e) {
      throw PostgresErrors.known(e, provider);
    } catch (LinkageError e) {
      throw broken(e);
    }
  }

  /** A class that failed says why only with its first failure, and then in a cause of a cause. */
  private KurrentlakeException broken(LinkageError e) {
    var reason = Causes.of(e).map(Throwable::toString).distinct().collect(joining("; "));
    return ErrorCode.LAKEBASE_PROGRAM_BROKEN
        .error()
        .with("lakebase", provider)
        .with("reason", reason)
        .causedBy(e);
  }

  private Connection connect(
      ConnectionInfo info, String application, Map<PGProperty, String> properties)
      throws SQLException {
    var all = new Properties();
    PGProperty.USER.set(all, info.address().user());
    PGProperty.PASSWORD.set(all, info.password().reveal());
    PGProperty.APPLICATION_NAME.set(all, application);
    PGProperty.TCP_KEEP_ALIVE.set(all, true);
    PGProperty.CONNECT_TIMEOUT.set(all, 30);
    // Postgres puts whole rows into the details of its errors.
    PGProperty.LOG_SERVER_ERROR_DETAIL.set(all, false);
    encrypt(info.address(), all);
    properties.forEach((property, value) -> property.set(all, value));
    return new Driver().connect(info.address().jdbcUrl(), all);
  }

  private static void encrypt(PostgresAddress address, Properties properties) {
    if (!address.rootCertificate().isEmpty()) {
      PGProperty.SSL_MODE.set(properties, "verify-full");
      PGProperty.SSL_ROOT_CERT.set(properties, address.rootCertificate());
    } else if (address.isLoopback()) {
      PGProperty.SSL_MODE.set(properties, "disable");
    } else {
      PGProperty.SSL_MODE.set(properties, "verify-full");
      PGProperty.SSL_FACTORY.set(properties, DefaultJavaSSLFactory.class.getName());
    }
  }

  private synchronized ConnectionInfo current() {
    var now = Instant.now();
    if (kept != null && now.isBefore(kept.expiresAt().minus(RENEW_BEFORE))) {
      return kept;
    }
    try {
      kept = provider.fetch();
    } catch (KurrentlakeException e) {
      if (kept == null || !now.isBefore(kept.expiresAt())) {
        throw e;
      }
      // It is good for a moment yet, in which the API may answer again.
    }
    return kept;
  }

  /** New data instead of what was refused, unless another thread has fetched it meanwhile. */
  private synchronized ConnectionInfo renewed(ConnectionInfo refused) {
    if (refused.equals(kept)) {
      kept = provider.fetch();
    }
    return kept;
  }
}
