package io.github.kurrentlake.lakebase.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.testing.PostgresClient;
import io.github.kurrentlake.testing.SharedSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hundred thousand rows of which 700 share a time, page by page: every row once. */
class PagesTest {
  private static final SparkSession SPARK = SharedSpark.session();
  private static final PostgresClient POSTGRES = PostgresClient.of(PagesTest.class);
  private static final int ROWS = 100_000;

  @TempDir private Path directory;

  @BeforeAll
  static void table() {
    // Row numbers and times ascend in different orders, and the microseconds count.
    POSTGRES.run(
        "CREATE TABLE pages AS SELECT (n::bigint * 7919 %% %d)::int AS id,".formatted(ROWS)
            + " timestamptz '2024-01-01' + (n / 700) * interval '1 microsecond' AS changed"
            + " FROM generate_series(1, %d) n".formatted(ROWS),
        "ALTER TABLE pages ADD PRIMARY KEY (id)",
        "CREATE INDEX ON pages (changed, id)",
        "ANALYZE pages");
  }

  @Test
  void everyRowIsOnOnePageByCursorAndKey() throws Exception {
    var pages = pages(Map.of("mode", "monotonic", "cursorColumn", "changed"), 1_000);
    assertThat(pages).hasSize(ROWS / 1_000).allMatch(rows -> rows == 1_000);
  }

  /** All rows are of one transaction, so that pages end within it. */
  @Test
  void aHugeTransactionIsReadPageByPage() throws Exception {
    var pages = pages(Map.of("mode", "xmin"), 20_000);
    assertThat(pages).hasSize(5).allMatch(rows -> rows == 20_000);
  }

  @Test
  void sparkReadsThemOnceToo() throws Exception {
    var table = directory.resolve("table").toString();
    SPARK
        .readStream()
        .format("lakebase")
        .options(options(Map.of("mode", "monotonic", "cursorColumn", "changed")))
        .option("maxRowsPerTrigger", 30_000)
        .load()
        .writeStream()
        .format("delta")
        .option("checkpointLocation", directory.resolve("checkpoint").toString())
        .trigger(Trigger.AvailableNow())
        .start(table)
        .awaitTermination();
    var read = SPARK.read().format("delta").load(table);
    assertThat(read.count()).isEqualTo(ROWS);
    assertThat(read.select("id").distinct().count()).isEqualTo(ROWS);
    assertThat(read.select("_position").distinct().count()).isEqualTo(4);
    assertThat(read.filter("_sequence <> unix_micros(changed)").count()).isZero();
  }

  /** Reads all pages as Spark would, without its fixed cost of a second for each. */
  private List<Integer> pages(Map<String, String> more, long size) throws Exception {
    var seen = new boolean[ROWS];
    var sizes = new ArrayList<Integer>();
    var request = ReadRequest.of(new CaseInsensitiveStringMap(options(more)));
    var onlyId = new StructType().add("id", "int");
    var stream = new TableStream(request, onlyId, directory.toString());
    var from = stream.initialOffset();
    var to = stream.latestOffset(from, ReadLimit.maxRows(size));
    while (!to.equals(from)) {
      var rows = 0;
      // An offset is what its text says, as after a restart.
      var again = stream.deserializeOffset(to.json());
      var partition = stream.planInputPartitions(from, again)[0];
      try (var reader = stream.createReaderFactory().createReader(partition)) {
        while (reader.next()) {
          var id = reader.get().getInt(0);
          assertThat(seen[id]).isFalse();
          seen[id] = true;
          rows++;
        }
      }
      sizes.add(rows);
      from = again;
      to = stream.latestOffset(from, ReadLimit.maxRows(size));
    }
    for (var id = 0; id < ROWS; id++) {
      assertThat(seen[id]).isTrue();
    }
    return sizes;
  }

  private static Map<String, String> options(Map<String, String> more) {
    var options = new HashMap<>(POSTGRES.options("pages"));
    options.putAll(more);
    return options;
  }
}
