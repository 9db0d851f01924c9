package io.github.kurrentlake.embedded.postgres;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresAddress;
import io.github.kurrentlake.lakebase.connect.PostgresUrl;
import io.github.kurrentlake.lakebase.connect.Query;
import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.settings.SecretPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * A real PostgreSQL on loopback, at a free port, with logical replication. It ends with this JVM,
 * however that ends: a shell beside it stops it when the JVM's end of a pipe is gone. If the shell
 * was killed too, the server outlives both, and the next start in its directory stops it first.
 *
 * <p>Its one user is the superuser {@code postgres}, whose random password lies in a file that only
 * the owner of the directory can read.
 */
public final class LocalPostgres implements AutoCloseable {
  private static final String USER = "postgres";

  private final PostgresDirectory directory;
  private final PostgresProcess process;
  private final int port;

  private LocalPostgres(PostgresDirectory directory, PostgresProcess process, int port) {
    this.directory = directory;
    this.process = process;
    this.port = port;
  }

  /**
   * A new server whose data is deleted at its end, and which does without fsync.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-504
   */
  public static LocalPostgres temporary() {
    return temporary(Unprivileged.here());
  }

  static LocalPostgres temporary(Unprivileged user) {
    try {
      var base = Files.createTempDirectory("kurrentlake-postgres-data-");
      return start(base, user, PostgresProcess.Durability.TEMPORARY);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * The server of a directory, which is made if need be. Its data stays.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-504, or KL-505 when another process
   *     uses the directory
   */
  public static LocalPostgres in(Path directory) {
    try {
      var base = Files.createDirectories(directory.toAbsolutePath());
      return start(base, Unprivileged.here(), PostgresProcess.Durability.LASTING);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static LocalPostgres start(
      Path base, Unprivileged user, PostgresProcess.Durability durability) throws IOException {
    var binaries = PostgresBinaries.unpacked();
    var directory = PostgresDirectory.lock(base, binaries, user);
    try {
      directory.prepare();
      for (var attempt = 1; ; attempt++) {
        var port = PostgresProcess.freePort();
        try {
          return new LocalPostgres(
              directory, PostgresProcess.start(binaries, directory, user, port, durability), port);
        } catch (PostgresProcess.PortTaken e) {
          // Somebody took the port after it was found free.
          if (attempt == 5) {
            throw e;
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      directory.unlock();
      throw e;
    }
  }

  public int port() {
    return port;
  }

  /** The way into one of its databases; {@code postgres} is there from the start. */
  public ConnectionInfoProvider database(String name) {
    return new PostgresUrl(
        PostgresAddress.of("127.0.0.1", port, name, USER),
        new SecretPlace.InFile(directory.password().toString()));
  }

  /** The way into a database that is made unless it exists. */
  public ConnectionInfoProvider ensureDatabase(String name) {
    var identifier = Identifier.of(name);
    try (var connection = Connections.to(database(USER)).open("kurrentlake")) {
      if (!Query.of(connection, "SELECT FROM pg_database WHERE datname = ?", name).hasRow()) {
        Query.of(connection, "CREATE DATABASE " + identifier.sql()).run();
      }
    } catch (SQLException e) {
      throw failed(e);
    }
    return database(name);
  }

  /** Stops the server, breaking off what its clients do. */
  @Override
  public void close() {
    process.stop();
    directory.unlock();
  }

  private static RuntimeException failed(Exception e) {
    return ErrorCode.NO_EMBEDDED_POSTGRES.error().with("reason", e.getMessage()).causedBy(e);
  }
}
