package io.github.kurrentlake.lakebase.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.embedded.postgres.LocalPostgres;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.testing.PostgresClient;
import io.github.kurrentlake.testing.Trees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.HashMap;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clusters that have one identifier and different histories: copies, restored and promoted ones.
 */
class TimelineTest {
  @TempDir private Path directory;
  private final EnumMap<ReadMode, FollowedTable> followed = new EnumMap<>(ReadMode.class);

  @Test
  void aClusterWithAnotherHistoryIsRefusedHoweverFarItHasGone() throws Exception {
    var original = directory.resolve("original");
    try (var server = LocalPostgres.in(original)) {
      var postgres = PostgresClient.of(server.database("postgres"));
      postgres.run(
          "CREATE TABLE told (id int PRIMARY KEY, note text, changed int)",
          "INSERT INTO told VALUES (1, 'both', 1)");
      var tracking = ChangeTracking.of(postgres.database(), TableName.parse("told"));
      tracking.stampTransactions();
      tracking.publish(Identifier.of(ChangeTracking.PUBLICATION));
    }
    var behind = Trees.copy(original, directory.resolve("behind"));
    try (var server = LocalPostgres.in(original)) {
      var postgres = PostgresClient.of(server.database("postgres"));
      for (var mode : ReadMode.values()) {
        followed.put(mode, new FollowedTable(directory.resolve(mode.name())));
        assertThat(read(postgres, mode)).isEqualTo(1);
      }
      postgres.run("INSERT INTO told VALUES (2, 'original', 2)");
      for (var mode : ReadMode.values()) {
        assertThat(read(postgres, mode)).isEqualTo(1);
      }
    }
    var restored = Trees.copy(original, directory.resolve("restored"));
    Files.createFile(restored.resolve("data/recovery.signal"));
    Files.writeString(
        restored.resolve("data/postgresql.auto.conf"),
        "restore_command = 'false'\n",
        StandardOpenOption.APPEND);

    try (var server = LocalPostgres.in(restored)) {
      var postgres = PostgresClient.of(server.database("postgres"));
      postgres.run("INSERT INTO told SELECT n, 'restored', n FROM generate_series(3, 9) n");
      for (var mode : ReadMode.values()) {
        assertRefused(postgres, mode);
      }
    }
    try (var server = LocalPostgres.in(behind)) {
      var postgres = PostgresClient.of(server.database("postgres"));
      assertRefused(postgres, ReadMode.XMIN);
      assertRefused(postgres, ReadMode.XID8);
      assertRefused(postgres, ReadMode.SLOT);
    }
    try (var server = LocalPostgres.in(original)) {
      var postgres = PostgresClient.of(server.database("postgres"));
      postgres.run("INSERT INTO told VALUES (3, 'original', 3)");
      for (var mode : ReadMode.values()) {
        assertThat(read(postgres, mode)).as("%s", mode).isEqualTo(1);
      }
      // What a branch of a Lakebase says of itself.
      postgres.run("ALTER DATABASE postgres SET neon.timeline_id = 'of a branch'");
      for (var mode : ReadMode.values()) {
        assertRefused(postgres, mode);
      }
    }
  }

  private void assertRefused(PostgresClient postgres, ReadMode mode) {
    assertThatThrownBy(() -> read(postgres, mode))
        .as("%s", mode)
        .hasMessageStartingWith(ErrorCode.LAKEBASE_OTHER_CLUSTER.code());
  }

  private int read(PostgresClient postgres, ReadMode mode) throws Exception {
    var options = new HashMap<>(postgres.options("told"));
    options.put("mode", mode.name());
    options.put("cursorColumn", "changed");
    return followed.get(mode).read(ReadRequest.of(new CaseInsensitiveStringMap(options))).size();
  }
}
