package io.github.kurrentlake.lakebase.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.embedded.postgres.LocalPostgres;
import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.testing.PostgresClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows keep 32 bits of the 64 that number transactions. Here the numbers have gone round once,
 * while streams had more to read.
 */
class EpochTest {
  private static final long ROUND = 1L << 32;
  private static final TableName TABLE = TableName.parse("counted");
  private static final List<ReadMode> MODES = List.of(ReadMode.XMIN, ReadMode.XID8, ReadMode.SLOT);

  /**
   * In {@code pg_control} of PostgreSQL 17: the last checkpoint, and the next transaction in it.
   */
  private static final int NEXT_TRANSACTION = 40 + 24;

  @TempDir private Path directory;

  @Test
  void streamsGoOnWhenTransactionsHaveGoneRound() throws Exception {
    var followed = new EnumMap<ReadMode, FollowedTable>(ReadMode.class);
    try (var server = LocalPostgres.in(directory.resolve("postgres"))) {
      var postgres = PostgresClient.of(server.database("postgres"));
      postgres.run("CREATE TABLE counted (id int PRIMARY KEY, note text)");
      var tracking = ChangeTracking.of(postgres.database(), TABLE);
      tracking.stampTransactions();
      tracking.keepTombstones();
      tracking.publish(Identifier.of(ChangeTracking.PUBLICATION));
      postgres.run("INSERT INTO counted SELECT n, 'before' FROM generate_series(1, 4) n");
      for (var mode : MODES) {
        followed.put(mode, new FollowedTable(directory.resolve(mode.name())));
        assertThat(followed.get(mode).read(request(postgres, mode))).hasSize(4);
      }
      postgres.run(
          "UPDATE counted SET note = 'unread' WHERE id = 1", "DELETE FROM counted WHERE id = 2");
    }

    goRound(directory.resolve("postgres/data/global/pg_control"));

    try (var server = LocalPostgres.in(directory.resolve("postgres"))) {
      var postgres = PostgresClient.of(server.database("postgres"));
      postgres.run("INSERT INTO counted VALUES (5, 'after')", "DELETE FROM counted WHERE id = 3");
      for (var mode : MODES) {
        var stream = followed.get(mode);
        var changes = stream.read(request(postgres, mode));
        assertThat(stream.notes())
            .as("%s", mode)
            .isEqualTo(notes(postgres))
            .isEqualTo(Map.of("1", "unread", "4", "before", "5", "after"));
        // What nobody has changed comes once more by xmin, which is all there is of its age.
        assertThat(changes.stream().map(FollowedTable.Change::key).anyMatch("4"::equals))
            .as("%s", mode)
            .isEqualTo(mode == ReadMode.XMIN);
        var inserted = changes.stream().filter(change -> change.key().equals("5")).toList();
        assertThat(inserted)
            .as("%s", mode)
            .singleElement()
            .satisfies(change -> assertThat(Long.parseLong(change.xid())).isGreaterThan(ROUND));
        assertThat(stream.read(request(postgres, mode))).as("%s", mode).isEmpty();
      }
      postgres.run("UPDATE counted SET note = 'later' WHERE id = 5");
      for (var mode : MODES) {
        var stream = followed.get(mode);
        assertThat(stream.read(request(postgres, mode))).as("%s", mode).hasSize(1);
        assertThat(stream.notes()).as("%s", mode).isEqualTo(notes(postgres));
      }
      assertAgesAreTold(postgres);
    }
  }

  /** A number above the next one is of the round before; no row of that age can be made here. */
  private static void assertAgesAreTold(PostgresClient postgres) {
    postgres.run(
        "CREATE VIEW aged AS SELECT * FROM"
            + " (VALUES (1, '4294967290'::xid), (2, '3'::xid)) AS t (id, xmin)");
    var rows =
        ReadSession.with(
            postgres.connections(),
            connection -> {
              var table = PostgresTable.read(connection, TableName.parse("aged"), List.of("id"));
              var extraction = XidExtraction.byXmin(table, Deletes.IGNORED);
              return extraction.all(table.key(), " ORDER BY 1");
            });
    assertThat(postgres.rows(rows))
        .containsExactly("1|4294967290|f", "2|%d|f".formatted(ROUND + 3));
  }

  /** What {@code pg_resetwal --epoch} does to a server that was shut down. */
  private static void goRound(Path control) throws IOException {
    var bytes = Files.readAllBytes(control);
    var fields = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    var end = NEXT_TRANSACTION + Long.BYTES;
    while (fields.getInt(end) != checksum(bytes, end)) {
      end += Integer.BYTES;
    }
    var next = fields.getLong(NEXT_TRANSACTION);
    assertThat(next).isBetween(700L, 10_000L);
    fields.putLong(NEXT_TRANSACTION, next + ROUND);
    fields.putInt(end, checksum(bytes, end));
    Files.write(control, bytes);
  }

  private static int checksum(byte[] bytes, int length) {
    var checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }

  private static Map<String, String> notes(PostgresClient postgres) {
    var notes = new TreeMap<String, String>();
    for (var row : postgres.rows("SELECT id, note FROM counted")) {
      var columns = row.split("\\|", 2);
      notes.put(columns[0], columns[1]);
    }
    return notes;
  }

  private static ReadRequest request(PostgresClient postgres, ReadMode mode) {
    var options = new HashMap<>(postgres.options(TABLE.toString()));
    options.put("mode", mode.name());
    if (mode != ReadMode.SLOT) {
      options.put("deletes", "tombstones");
    }
    return ReadRequest.of(new CaseInsensitiveStringMap(options));
  }
}
