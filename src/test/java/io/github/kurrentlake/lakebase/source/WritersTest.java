package io.github.kurrentlake.lakebase.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.testing.PostgresClient;
import io.github.kurrentlake.testing.SharedSpark;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Streams in all modes beside writers that do all that transactions may do, stopped and started
 * again meanwhile.
 */
class WritersTest {
  private static final Duration TIME =
      Duration.ofSeconds(Integer.getInteger("kurrentlake.lakebase.seconds", 6));
  private static final SparkSession SPARK = SharedSpark.session();
  private static final Map<String, Map<String, String>> STREAMS =
      Map.of(
          "xmin", Map.of("mode", "xmin", "deletes", "tombstones", "maxRowsPerTrigger", "300"),
          "xid8", Map.of("mode", "xid8", "deletes", "tombstones"),
          "slot", Map.of("mode", "slot", "maxRowsPerTrigger", "500"),
          "monotonic", Map.of("mode", "monotonic", "cursorColumn", "changed"));

  @TempDir private Path directory;

  @Test
  void whatWasCommittedIsReadOnceInEveryModeThatPromisesIt() throws Exception {
    var postgres = PostgresClient.of(WritersTest.class);
    Writers.createTable(postgres);
    postgres.run("INSERT INTO written SELECT n, -n, now(), 'before' FROM generate_series(1, 50) n");
    var tracking = ChangeTracking.of(postgres.database(), TableName.parse("written"));
    tracking.stampTransactions();
    tracking.keepTombstones();
    tracking.publish(Identifier.of(ChangeTracking.PUBLICATION));
    // The slot begins before the writers, so that it tells every version of theirs.
    for (var stream : STREAMS.keySet()) {
      start(postgres, stream, Trigger.AvailableNow()).awaitTermination();
    }

    try (var writers = Writers.start(postgres, TIME)) {
      var restarts = 0;
      while (writers.areRunning()) {
        var queries = new ArrayList<StreamingQuery>();
        for (var stream : STREAMS.keySet()) {
          queries.add(start(postgres, stream, Trigger.ProcessingTime(0)));
        }
        writers.awaitCommits(60);
        for (var query : queries) {
          query.stop();
          assertThat(query.exception().isEmpty()).as("%s", query.exception()).isTrue();
        }
        restarts++;
      }
      assertThat(restarts).isGreaterThan(1);
      assertThat(writers.join()).isGreaterThan(100);
    }
    awaitHorizon(postgres);
    for (var stream : STREAMS.keySet()) {
      start(postgres, stream, Trigger.AvailableNow()).awaitTermination();
    }

    var present = postgres.rows("SELECT id, version FROM written ORDER BY id");
    var account = postgres.rows("SELECT op, id, coalesce(version, 0) FROM account");
    for (var stream : List.of("xmin", "xid8", "slot")) {
      assertThat(latest(stream)).as(stream).containsExactlyElementsOf(present);
    }
    assertThat(texts(rows("slot").selectExpr("_pg_change_type", "id", "coalesce(version, 0)")))
        .containsExactlyInAnyOrderElementsOf(account);
    for (var stream : STREAMS.keySet()) {
      var all = rows(stream);
      assertThat(all.select("id", "_sequence").distinct().count())
          .as(stream)
          .isEqualTo(all.count());
      var versions = texts(all.filter("_pg_change_type <> 'delete'").selectExpr("id", "version"));
      assertThat(account.stream().map(line -> line.substring(line.indexOf('|') + 1)))
          .as("nothing that was rolled back is in " + stream)
          .containsAll(versions);
    }
    assertThat(rows("slot").filter("_pg_xid IS NULL OR _timestamp IS NULL").count()).isZero();
  }

  /** Anyone who writes anywhere in the cluster, Postgres' own ANALYZE too, keeps rows waiting. */
  private static void awaitHorizon(PostgresClient postgres) {
    var last = postgres.rows("SELECT pg_current_xact_id()::text").get(0);
    var passed = "SELECT pg_snapshot_xmin(pg_current_snapshot()) > '%s'::xid8".formatted(last);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(postgres.rows(passed).get(0)).startsWith("t"));
  }

  /** What the mode's documentation says: a row that becomes visible late is lost. */
  @Test
  void aMonotonicColumnLosesWhatCommitsLate() throws Exception {
    var postgres = PostgresClient.of(WritersTest.class);
    postgres.run(
        "CREATE TABLE late (id int PRIMARY KEY, changed timestamptz NOT NULL DEFAULT"
            + " clock_timestamp())");
    try (var slow = postgres.open()) {
      slow.setAutoCommit(false);
      try (var statement = slow.createStatement()) {
        statement.execute("INSERT INTO late VALUES (1)");
        postgres.run("INSERT INTO late VALUES (2)");
        run(postgres, "late", "plain", Map.of("mode", "monotonic", "cursorColumn", "changed"));
        run(postgres, "late", "xmin", Map.of("mode", "xmin"));
        slow.commit();
      }
    }
    postgres.run("INSERT INTO late VALUES (3)");
    var plain = Map.of("mode", "monotonic", "cursorColumn", "changed");
    run(postgres, "late", "plain", plain);
    run(postgres, "late", "xmin", Map.of("mode", "xmin"));
    assertThat(texts(rows("plain").select("id"))).containsExactlyInAnyOrder("2", "3");
    assertThat(texts(rows("xmin").select("id"))).containsExactlyInAnyOrder("1", "2", "3");
  }

  /** The transaction that inserts it began before the one that deletes it. */
  @Test
  void aRowThatCameAfterItsDeletionStays() throws Exception {
    var postgres = PostgresClient.of(WritersTest.class);
    postgres.run("CREATE TABLE reborn (id int PRIMARY KEY, version int NOT NULL)");
    postgres.run("INSERT INTO reborn VALUES (1, 1), (2, 1), (3, 1)");
    var tracking = ChangeTracking.of(postgres.database(), TableName.parse("reborn"));
    tracking.stampTransactions();
    tracking.keepTombstones();
    var modes = List.of("xmin", "xid8");
    for (var mode : modes) {
      run(postgres, "reborn", mode, STREAMS.get(mode));
    }
    try (var older = postgres.open()) {
      older.setAutoCommit(false);
      try (var statement = older.createStatement()) {
        statement.execute("SELECT pg_current_xact_id()");
        postgres.run("DELETE FROM reborn WHERE id < 3");
        statement.execute("INSERT INTO reborn VALUES (1, 2)");
        older.commit();
      }
    }
    awaitHorizon(postgres);
    for (var mode : modes) {
      run(postgres, "reborn", mode, STREAMS.get(mode));
      assertThat(latest(mode)).as(mode).containsExactly("1|2", "3|1");
    }
  }

  private void run(
      PostgresClient postgres, String table, String stream, Map<String, String> options)
      throws Exception {
    start(postgres, table, stream, options, Trigger.AvailableNow()).awaitTermination();
  }

  private StreamingQuery start(PostgresClient postgres, String stream, Trigger trigger)
      throws Exception {
    return start(postgres, "written", stream, STREAMS.get(stream), trigger);
  }

  private StreamingQuery start(
      PostgresClient postgres,
      String table,
      String stream,
      Map<String, String> more,
      Trigger trigger)
      throws Exception {
    var options = new HashMap<>(postgres.options(table));
    options.putAll(more);
    return SPARK
        .readStream()
        .format("lakebase")
        .options(options)
        .load()
        .writeStream()
        .format("delta")
        .option("checkpointLocation", directory.resolve("checkpoint-" + stream).toString())
        .trigger(trigger)
        .start(directory.resolve(stream).toString());
  }

  private Dataset<Row> rows(String stream) {
    return SPARK.read().format("delta").load(directory.resolve(stream).toString());
  }

  /** The rows that are there after all changes. */
  private List<String> latest(String stream) {
    var last =
        rows(stream)
            .groupBy("id")
            .agg(
                functions.expr("max_by(struct(_pg_change_type AS op, version), _sequence) AS last"))
            .filter("last.op <> 'delete'")
            .orderBy("id")
            .selectExpr("id", "last.version");
    return texts(last);
  }

  private static List<String> texts(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(row -> row.mkString("|")).toList();
  }
}
