package io.github.kurrentlake.lakebase.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.lakebase.connect.PostgresUrl;
import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.lakebase.source.ChangeTracking;
import io.github.kurrentlake.lakebase.source.LakebaseAddress;
import io.github.kurrentlake.lakebase.source.LakebaseOption;
import io.github.kurrentlake.lakebase.source.ReadMode;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.KilledJvm;
import io.github.kurrentlake.testing.PostgresClient;
import io.github.kurrentlake.testing.SharedSpark;
import io.github.kurrentlake.testing.WireProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Postgres tables in Bronze, and what a run leaves behind that is stopped or killed. */
class LakebaseIngestTest {
  private static final SparkSession SPARK = SharedSpark.session();
  private static final PostgresClient POSTGRES = PostgresClient.of(LakebaseIngestTest.class);
  private static int tables;

  @TempDir private Path directory;
  private Lakehouse lakehouse;
  private String name;

  @BeforeEach
  void table() {
    lakehouse = Lakehouse.at(directory.resolve("lakehouse"));
    tables++;
    name = "orders_" + tables;
    POSTGRES.run(
        "CREATE TABLE %s (id int PRIMARY KEY, state text, changed timestamptz DEFAULT now())"
            .formatted(name),
        "INSERT INTO %s SELECT n, 'new' FROM generate_series(1, 10) n".formatted(name));
  }

  @Test
  void rowsColumnsDeletionsAndThePositionArriveInBronze() {
    var options = options(ReadMode.XMIN).comparingKeys();
    assertThat(ingest(options)).isEqualTo(new JobReport(10, 10));
    POSTGRES.run(
        "UPDATE %s SET state = 'paid' WHERE id = 3".formatted(name),
        "DELETE FROM %s WHERE id = 4".formatted(name),
        "ALTER TABLE %s ADD COLUMN \"Sum\" numeric(10,2)".formatted(name),
        "INSERT INTO %s VALUES (11, 'new', now(), 9.90)".formatted(name));
    assertThat(ingest(options)).isEqualTo(new JobReport(2, 3));
    assertThat(ingest(options)).isEqualTo(JobReport.nothingNew());
    assertThat(versions("id", "state", "CAST(Sum AS STRING)", "_pg_change_type"))
        .hasSize(13)
        .contains(
            "3|new|null|upsert", "3|paid|null|upsert", "4|null|null|delete", "11|new|9.90|upsert");
    assertCurrent();

    // A key that comes back is behind its deletion.
    POSTGRES.run("INSERT INTO %s VALUES (4, 'again')".formatted(name));
    ingest(options);
    assertCurrent();

    var shown = lakehouse.table(CheckpointMirror.CHECKPOINTS).read(SPARK).collectAsList();
    assertThat(shown).hasSize(1);
    assertThat(shown.get(0).getString(0)).isEqualTo("bronze." + name);
    assertThat(shown.get(0).getString(3)).contains("\"mode\":\"XMIN\"", "\"xid\":\"");
    assertThat(shown.get(0).getString(4))
        .isEqualTo(POSTGRES.rows("SELECT system_identifier FROM pg_control_system()").get(0));
    assertThat(shown.get(0).getLong(5)).isEqualTo(14);
  }

  @Test
  void aRunThatIsStoppedAnywhereIsRepairedByTheNext() throws Exception {
    POSTGRES.run(
        "INSERT INTO %s SELECT n, repeat('x', 2000) FROM generate_series(11, 1000) n"
            .formatted(name));
    var url = (PostgresUrl) POSTGRES.database();
    try (var wire = WireProxy.to(URI.create("tcp://localhost:" + url.address().port()))) {
      var options = options(ReadMode.XMIN);
      var address =
          new LakebaseAddress(
              options
                  .address()
                  .name()
                  .replace(
                      "127.0.0.1:" + url.address().port(),
                      "localhost:" + wire.endpoint().getPort()),
              options.address().passwordFile(),
              "");
      var throughWire =
          new IngestOptions(
              lakehouse,
              address,
              options.table(),
              options.mode(),
              options.bronze(),
              options.source(),
              options.keys());
      // In the middle of the rows; the batch was planned and noted.
      wire.cutAfter(600_000, 10);
      assertThatThrownBy(() -> ingest(throughWire)).hasMessageContaining("KL-603");
      wire.cutAfter(600_000, 0);
      assertThat(bronze().count()).isZero();
    }
    // Behind the batch, before the run's own ending.
    Progress stops =
        (rowsIn, rowsOut) -> {
          if (rowsIn > 0) {
            throw new IllegalStateException("stopped");
          }
        };
    assertThatThrownBy(() -> LakebaseIngest.ingest(SPARK, options(ReadMode.XMIN), stops))
        .hasMessage("stopped");
    ingest(options(ReadMode.XMIN));
    assertOnce(1000);

    // After Delta's commit and before Spark noted it: what such a death leaves.
    POSTGRES.run("UPDATE %s SET state = 'b' WHERE id <= 5".formatted(name));
    ingest(options(ReadMode.XMIN));
    var commit = lastCommit();
    Files.delete(commit.resolveSibling("." + commit.getFileName() + ".crc"));
    Files.delete(commit);
    ingest(options(ReadMode.XMIN));
    assertOnce(1005);
    assertCurrent();
  }

  @Tag("long")
  @Test
  void aProcessThatIsKilledLeavesNothingThatTheNextDoesNotRepair() throws Exception {
    var mode = ReadMode.XMIN;
    var random = KilledJvm.chance();
    for (var kill = 0; kill < KilledJvm.kills(); kill++) {
      POSTGRES.run(
          "INSERT INTO %s SELECT n, 'k' FROM generate_series(%d, %d) n"
              .formatted(name, 1000 * (kill + 1), 1000 * (kill + 1) + 700),
          "UPDATE %s SET state = 'u%d' WHERE id %% 7 = 0".formatted(name, kill));
      // Anywhere in the first batch, or in planning, reading, writing and noting a later one.
      process(mode).killAfter(kill % 2 == 0 ? "rows" : "run", random.nextInt(3_000));
    }
    assertThat(bronze().count()).isPositive();
    ingest(options(mode));
    assertCurrent();
    assertThat(bronze().select("id", "_sequence").distinct().count()).isEqualTo(bronze().count());
    assertThat(ingest(options(mode))).isEqualTo(JobReport.nothingNew());
  }

  @Test
  void aRestoredClusterIsRefusedAndReadAnewByAResync() throws Exception {
    ingest(options(ReadMode.XMIN));
    POSTGRES.run("UPDATE %s SET state = 'x' WHERE id = 1".formatted(name));
    // As on a branch, which has a history of its own.
    POSTGRES.run("ALTER DATABASE \"LakebaseIngestTest\" SET neon.timeline_id = 'branch'");
    assertCode(() -> ingest(options(ReadMode.XMIN)), ErrorCode.LAKEBASE_OTHER_CLUSTER);
    POSTGRES.run("DELETE FROM %s WHERE id = 2".formatted(name));

    Progress stops =
        (rowsIn, rowsOut) -> {
          throw new IllegalStateException("stopped");
        };
    assertThatThrownBy(() -> LakebaseIngest.resync(SPARK, options(ReadMode.XMIN), stops))
        .hasMessage("stopped");
    // The next run finishes what the resync began.
    ingest(options(ReadMode.XMIN));
    assertCurrent();
    assertThat(versions("id", "_pg_change_type")).contains("2|delete").hasSize(10 + 9 + 1);
    assertThat(ingest(options(ReadMode.XMIN))).isEqualTo(JobReport.nothingNew());
    POSTGRES.run("ALTER DATABASE \"LakebaseIngestTest\" RESET neon.timeline_id");
  }

  @Test
  void aSlotTellsEveryVersionAndItsLossIsAnErrorThatAResyncMends() {
    var tracking = ChangeTracking.of(POSTGRES.database(), table(name));
    assertCode(() -> ingest(options(ReadMode.SLOT)), ErrorCode.LAKEBASE_NOT_PREPARED);
    var options = options(ReadMode.SLOT).with(LakebaseOption.PUBLICATION, "p_" + name);
    tracking.publish(Identifier.of("p_" + name));
    ingest(options);
    var large = "x".repeat(20_000);
    POSTGRES.run(
        "UPDATE %s SET state = (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 500) n)"
                .formatted(name)
            + " WHERE id = 1",
        "UPDATE %s SET changed = '2024-01-01' WHERE id = 1".formatted(name),
        "UPDATE %s SET id = 100 WHERE id = 2".formatted(name),
        "DELETE FROM %s WHERE id = 3".formatted(name),
        "INSERT INTO %s VALUES (3, '%s')".formatted(name, large));
    ingest(options);
    assertThat(versions("id", "length(state)", "_pg_change_type"))
        .contains(
            "1|16000|update", "2|null|delete", "100|3|update", "3|null|delete", "3|20000|insert")
        .hasSize(10 + 6);
    assertCurrent();

    POSTGRES.run(
        "ALTER TABLE %s REPLICA IDENTITY DEFAULT".formatted(name),
        "UPDATE %s SET changed = '2024-01-02' WHERE id = 1".formatted(name),
        "ALTER TABLE %s REPLICA IDENTITY FULL".formatted(name));
    assertCode(() -> ingest(options), ErrorCode.LAKEBASE_VALUE_NOT_LOGGED);
    LakebaseIngest.resync(SPARK, options, Progress.unwatched());
    assertCurrent();

    tracking.dropSlot(ChangeTracking.slot(table(name)));
    POSTGRES.run("DELETE FROM %s WHERE id = 5".formatted(name));
    assertCode(() -> ingest(options), ErrorCode.LAKEBASE_SLOT_LOST);
    LakebaseIngest.resync(SPARK, options, Progress.unwatched());
    assertCurrent();
    POSTGRES.run("TRUNCATE %s".formatted(name));
    assertCode(() -> ingest(options), ErrorCode.LAKEBASE_TRUNCATED);
    tracking.dropSlot(ChangeTracking.slot(table(name)));
  }

  @Test
  void aSlotThatPostgresGaveUpIsAnErrorThatAResyncMends() {
    var options = options(ReadMode.SLOT).with(LakebaseOption.PUBLICATION, "p_" + name);
    var tracking = ChangeTracking.of(POSTGRES.database(), table(name));
    tracking.publish(Identifier.of("p_" + name));
    ingest(options);
    POSTGRES.run(
        "UPDATE %s SET state = 'lost with the log' WHERE id = 1".formatted(name),
        "DELETE FROM %s WHERE id = 2".formatted(name),
        "ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'",
        "SELECT pg_reload_conf()");
    try {
      // More of the log than a slot may keep; what nobody needs goes with the checkpoint.
      for (var segment = 0; segment < 2; segment++) {
        POSTGRES.run("SELECT pg_logical_emit_message(true, '', '')", "SELECT pg_switch_wal()");
      }
      POSTGRES.run("CHECKPOINT");
    } finally {
      POSTGRES.run("ALTER SYSTEM RESET max_slot_wal_keep_size", "SELECT pg_reload_conf()");
    }
    assertThat(
            POSTGRES.rows(
                "SELECT wal_status FROM pg_replication_slots WHERE slot_name = '%s'"
                    .formatted(ChangeTracking.slot(table(name)).name())))
        .containsExactly("lost");

    assertCode(() -> ingest(options), ErrorCode.LAKEBASE_SLOT_LOST);
    LakebaseIngest.resync(SPARK, options, Progress.unwatched());
    assertCurrent();
    assertThat(versions("id", "_pg_change_type")).contains("2|delete");
    tracking.dropSlot(ChangeTracking.slot(table(name)));
  }

  @Test
  void anOverlapReadsBackAndWritesNothingTwice() {
    var options =
        options(ReadMode.MONOTONIC)
            .with(LakebaseOption.CURSOR_COLUMN, "changed")
            .with(LakebaseOption.OVERLAP, "1h");
    ingest(options);
    POSTGRES.run(
        "INSERT INTO %s VALUES (21, 'late', now() - interval '1 minute'), (22, 'new', now())"
            .formatted(name));
    ingest(options);
    assertOnce(12);
    assertCurrent();
  }

  @Test
  void anotherTablesBronzeIsNotWrittenTo() {
    ingest(options(ReadMode.XMIN));
    POSTGRES.run("CREATE TABLE other_%s (id int PRIMARY KEY)".formatted(name));
    var other =
        IngestOptions.of(lakehouse, POSTGRES.database(), table("other_" + name), ReadMode.XMIN);
    assertCode(() -> ingest(other.into(name)), ErrorCode.BRONZE_OF_ANOTHER_TABLE);
  }

  private IngestOptions options(ReadMode mode) {
    return IngestOptions.of(lakehouse, POSTGRES.database(), table(name), mode);
  }

  private static TableName table(String name) {
    return TableName.of("public", name);
  }

  private static JobReport ingest(IngestOptions options) {
    return LakebaseIngest.ingest(SPARK, options, Progress.unwatched());
  }

  private KilledJvm process(ReadMode mode) {
    var address = LakebaseAddress.of(POSTGRES.database());
    return KilledJvm.of(
        IngestProcess.class,
        directory.resolve("process.log"),
        directory.resolve("lakehouse").toString(),
        address.name(),
        address.passwordFile(),
        "public." + name,
        mode.name(),
        name);
  }

  private Dataset<Row> bronze() {
    return SPARK
        .read()
        .format("delta")
        .load(directory.resolve("lakehouse/bronze/" + name).toString());
  }

  private List<String> versions(String... columns) {
    return bronze().selectExpr(columns).collectAsList().stream()
        .map(row -> row.mkString("|"))
        .toList();
  }

  private void assertOnce(long rows) {
    assertThat(bronze().count()).isEqualTo(rows);
    assertThat(bronze().select("id", "_sequence").distinct().count()).isEqualTo(rows);
  }

  /** The last versions in Bronze are the rows in Postgres. */
  private void assertCurrent() {
    var last =
        bronze()
            .groupBy("id")
            .agg(
                functions
                    .expr("max_by(struct(_pg_change_type AS op, state), _sequence)")
                    .as("last"))
            .filter("last.op <> 'delete'")
            .orderBy("id")
            .selectExpr("id", "last.state");
    assertThat(last.collectAsList().stream().map(row -> row.mkString("|")))
        .containsExactlyElementsOf(
            POSTGRES.rows("SELECT id, state FROM %s ORDER BY id".formatted(name)));
  }

  private Path lastCommit() throws IOException {
    try (var files = Files.walk(directory.resolve("lakehouse/ops/_checkpoints"))) {
      return files
          .filter(file -> file.toString().matches(".*/commits/\\d+"))
          .max(Comparator.comparingInt(file -> Integer.parseInt(file.getFileName().toString())))
          .orElseThrow();
    }
  }

  private static void assertCode(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KurrentlakeException.class, error -> assertThat(error.code()).isEqualTo(code));
  }
}
