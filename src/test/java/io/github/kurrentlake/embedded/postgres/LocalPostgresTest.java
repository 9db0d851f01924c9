package io.github.kurrentlake.embedded.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.Query;
import io.github.kurrentlake.testing.JavaCommand;
import io.github.kurrentlake.testing.Postgres;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPostgresTest {
  @TempDir Path directory;

  @Test
  void aTemporaryServerIsARealPostgresWithLogicalReplication() throws SQLException {
    var database = Postgres.database(LocalPostgresTest.class);

    assertThat(text(database, "SHOW server_version")).startsWith("17.");
    assertThat(text(database, "SHOW wal_level")).isEqualTo("logical");
    assertThat(text(database, "SHOW synchronous_commit")).isEqualTo("on");
    assertThat(text(database, "SELECT current_database()")).isEqualTo("LocalPostgresTest");
    assertThat(text(database, "SHOW TimeZone")).isEqualTo("UTC");
  }

  @Test
  void aDirectoryKeepsItsDataAndServesOneProcessAtATime() throws Exception {
    try (var first = LocalPostgres.in(directory)) {
      text(first.ensureDatabase("kept"), "SELECT lo_from_bytea(4711, 'kept')");
      assertThatThrownBy(() -> LocalPostgres.in(directory)).hasMessageContaining("KL-505");
    }
    assertThat(Files.getPosixFilePermissions(directory.resolve("password")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));

    try (var second = LocalPostgres.in(directory)) {
      assertThat(text(second.ensureDatabase("kept"), "SELECT encode(lo_get(4711), 'escape')"))
          .isEqualTo("kept");
      assertThat(text(second.database("kept"), "SHOW fsync")).isEqualTo("on");
    }
  }

  @Test
  void aServerThatOutlivedItsProcessIsStoppedFirst() throws Exception {
    var first = LocalPostgres.in(directory);
    var survivor = postmaster();
    // The shell and its watcher, but not the server.
    var shell = survivor.parent().orElseThrow();
    var others = shell.descendants().filter(p -> !isPostgres(p)).toList();
    shell.destroyForcibly();
    others.forEach(ProcessHandle::destroyForcibly);
    shell.onExit().get(30, TimeUnit.SECONDS);
    first.close();
    assertThat(survivor.isAlive()).isTrue();

    try (var second = LocalPostgres.in(directory)) {
      assertThat(text(second.database("postgres"), "SELECT 1")).isEqualTo("1");
      assertThat(postmaster().pid()).isNotEqualTo(survivor.pid());
    }
    survivor.onExit().get(30, TimeUnit.SECONDS);
  }

  @Test
  void aStartThatWasKilledBeforeTheDataWasCompleteIsDoneAgain() throws Exception {
    Files.createDirectories(directory.resolve("data.part/base"));
    Files.writeString(directory.resolve("password"), "of the killed start");

    try (var server = LocalPostgres.in(directory)) {
      assertThat(text(server.database("postgres"), "SELECT 1")).isEqualTo("1");
    }
  }

  /** Not even SIGKILL leaves a temporary server or its data behind. */
  @Test
  void aTemporaryServerEndsWithItsProcess() throws Exception {
    var child =
        JavaCommand.of(Child.class, List.of(), List.of())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var lines =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      var shell = ProcessHandle.of(Long.parseLong(lines.readLine())).orElseThrow();
      var data = Path.of(lines.readLine());
      var server = shell.descendants().filter(LocalPostgresTest::isPostgres).findFirst();
      assertThat(data).isDirectory();

      child.destroyForcibly();

      server.orElseThrow().onExit().get(60, TimeUnit.SECONDS);
      shell.onExit().get(60, TimeUnit.SECONDS);
      assertThat(data).doesNotExist();
    } finally {
      child.destroyForcibly();
    }
  }

  /** Starts a temporary server, says where, and waits to be killed. */
  static final class Child {
    public static void main(String[] arguments) throws Exception {
      try (var server = LocalPostgres.temporary()) {
        var data = text(server.database("postgres"), "SHOW data_directory");
        System.out.println(ProcessHandle.current().children().findFirst().orElseThrow().pid());
        System.out.println(Path.of(data).getParent());
        new CountDownLatch(1).await();
      }
    }
  }

  @Test
  void whereRootHasNoUserNamespaceItRunsAsNobody() throws Exception {
    assumeTrue(Files.getAttribute(directory, "unix:uid").equals(0), "not root");

    try (var server = LocalPostgres.temporary(Unprivileged.AS_NOBODY)) {
      assertThat(text(server.database("postgres"), "SELECT 1")).isEqualTo("1");
    }
  }

  private ProcessHandle postmaster() throws Exception {
    var pid = Files.readAllLines(directory.resolve("data/postmaster.pid")).get(0).strip();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  private static boolean isPostgres(ProcessHandle process) {
    return process.info().command().filter(c -> c.endsWith("/postgres")).isPresent();
  }

  static String text(ConnectionInfoProvider database, String sql) throws SQLException {
    try (var connection = Connections.to(database).open("test")) {
      return Query.of(connection, sql).text();
    }
  }
}
