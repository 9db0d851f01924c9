package io.github.kurrentlake.lakebase.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.testing.PostgresClient;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Partitioned tables: the rows of all partitions, also of those that move from one to another. */
class PartitionedTableTest {
  private static final PostgresClient POSTGRES = PostgresClient.of(PartitionedTableTest.class);
  private static final Identifier PUBLICATION = Identifier.of(ChangeTracking.PUBLICATION);

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void rowsOfAllPartitionsAreReadAndFollowedWhereTheyMove(ReadMode mode) throws Exception {
    var table = "sales_" + mode.name().toLowerCase(Locale.ROOT);
    create(table);
    var tracking = ChangeTracking.of(POSTGRES.database(), TableName.parse(table));
    // Each can be run again.
    for (var times = 0; times < 2; times++) {
      tracking.stampTransactions();
      tracking.keepTombstones();
      tracking.publish(PUBLICATION);
    }
    POSTGRES.run(
        "INSERT INTO %s SELECT n, CASE n %% 3 WHEN 0 THEN 'eu' WHEN 1 THEN 'us' ELSE 'asia' END,"
                .formatted(table)
            + " clock_timestamp(), 'n' FROM generate_series(1, 12) n");
    var followed = new FollowedTable(directory);
    followed.read(request(table, mode));
    assertThat(followed.notes()).isEqualTo(notes(table)).hasSize(12);

    POSTGRES.run(
        "UPDATE %s SET region = 'asia', note = 'moved', changed = clock_timestamp() WHERE id = 3"
            .formatted(table),
        // Is stored apart, and is not written again by an update of another column.
        ("UPDATE %s SET changed = clock_timestamp(), note = (SELECT string_agg(md5(n::text), '')"
                + " FROM generate_series(1, 500) n) WHERE id = 5")
            .formatted(table),
        "UPDATE %s SET changed = clock_timestamp() WHERE id = 5".formatted(table),
        "DELETE FROM %s WHERE id = 4".formatted(table));
    followed.read(request(table, mode));
    var present = new TreeMap<>(notes(table));
    assertThat(present).hasSize(11).containsEntry("3|asia", "moved");
    if (mode == ReadMode.MONOTONIC) {
      // It sees no deletion; and a move is one, since the key of a partitioned table holds the
      // column that tells the partition.
      present.put("3|eu", "n");
      present.put("4|us", "n");
    }
    assertThat(followed.notes()).isEqualTo(present);
    tracking.dropSlot(ChangeTracking.slot(TableName.parse(table)));
  }

  @Test
  void everyPartitionHasTheIndexAndTellsOldRows() {
    create("indexed");
    var tracking = ChangeTracking.of(POSTGRES.database(), TableName.parse("indexed"));
    tracking.stampTransactions();
    tracking.publish(PUBLICATION);
    assertThat(
            POSTGRES.rows(
                "SELECT c.relname, i.indisvalid FROM pg_index i"
                    + " JOIN pg_class c ON c.oid = i.indrelid"
                    + " WHERE pg_get_indexdef(i.indexrelid) LIKE '%(row_xid, id, region)'"
                    + " AND c.relname LIKE 'indexed%' ORDER BY 1"))
        .containsExactly(
            "indexed|t", "indexed_eu|t", "indexed_rest|t", "indexed_rest_1|t", "indexed_rest_2|t");

    // A partition of later has to be prepared, too, and that is said rather than guessed.
    POSTGRES.run("CREATE TABLE indexed_us PARTITION OF indexed FOR VALUES IN ('us')");
    assertThatThrownBy(() -> request("indexed", ReadMode.SLOT))
        .hasMessageStartingWith(ErrorCode.LAKEBASE_NOT_PREPARED.code())
        .hasMessageContaining("REPLICA IDENTITY FULL");
    tracking.publish(PUBLICATION);
    assertThat(request("indexed", ReadMode.SLOT).table().identity()).isEqualTo("f");
  }

  private static void create(String table) {
    POSTGRES.run(
        ("CREATE TABLE %s (id int, region text, changed timestamptz, note text,"
                + " PRIMARY KEY (id, region)) PARTITION BY LIST (region)")
            .formatted(table),
        "CREATE TABLE %1$s_eu PARTITION OF %1$s FOR VALUES IN ('eu')".formatted(table),
        "CREATE TABLE %1$s_rest PARTITION OF %1$s DEFAULT PARTITION BY RANGE (id)".formatted(table),
        "CREATE TABLE %1$s_rest_1 PARTITION OF %1$s_rest FOR VALUES FROM (0) TO (6)"
            .formatted(table),
        "CREATE TABLE %1$s_rest_2 PARTITION OF %1$s_rest DEFAULT".formatted(table));
  }

  private static Map<String, String> notes(String table) {
    var notes = new TreeMap<String, String>();
    for (var line : POSTGRES.rows("SELECT id, region, note FROM " + table)) {
      var end = line.lastIndexOf('|');
      notes.put(line.substring(0, end), line.substring(end + 1));
    }
    return notes;
  }

  private static ReadRequest request(String table, ReadMode mode) {
    var options = new HashMap<>(POSTGRES.options(table));
    options.put("mode", mode.name());
    switch (mode) {
      case XMIN, XID8 -> options.put("deletes", "tombstones");
      case MONOTONIC -> options.put("cursorColumn", "changed");
      case SLOT -> options.put("publication", PUBLICATION.name());
    }
    return ReadRequest.of(new CaseInsensitiveStringMap(options));
  }
}
