package io.github.kurrentlake.lakebase.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresAddress;
import io.github.kurrentlake.lakebase.connect.PostgresUrl;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.lakebase.sync.LakebaseSync.Phase;
import io.github.kurrentlake.lakebase.sync.SyncReport.Kind;
import io.github.kurrentlake.lakebase.sync.SyncedTable.DatabaseObjects;
import io.github.kurrentlake.settings.SecretPlace;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.Postgres;
import io.github.kurrentlake.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakebaseSyncTest {
  private static final ConnectionInfoProvider DATABASE = Postgres.database(LakebaseSyncTest.class);
  private static final String ORDERS = "SELECT * FROM app.orders ORDER BY id";

  private final SparkSession spark = SharedSpark.session();
  private final Connections connections = Connections.to(DATABASE);
  @AutoClose private final Served served = new Served(DATABASE);
  private Lakehouse lakehouse;
  private SyncedTable table;
  @TempDir private Path directory;

  @BeforeEach
  void begin() {
    served.reset();
    lakehouse = Lakehouse.at(directory);
    table = SyncedTable.of("gold.orders", TableName.of("app", "orders"), List.of("id"));
  }

  @Test
  void theFirstRunCopiesAllAndTheNextOnlyWhatChanged() {
    makeOrders("(1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')");
    assertThat(sync()).isEqualTo(new SyncReport(Kind.WHOLE_FIRST, 1, 4, 4));
    assertThat(served.rows(ORDERS)).containsExactly("1|a", "2|b", "3|c", "4|d");
    assertThat(sync().kind()).isEqualTo(Kind.NOTHING_NEW);

    delta("UPDATE %s SET name = 'B' WHERE id = 2");
    delta("DELETE FROM %s WHERE id = 3");
    delta("INSERT INTO %s VALUES (5, 'e'), (6, 'f')");
    delta("DELETE FROM %s WHERE id = 6");
    // A key that changes is one that goes and one that comes.
    delta("UPDATE %s SET id = 40 WHERE id = 4");
    var untouched = served.value("SELECT xmin FROM app.orders WHERE id = 1");

    assertThat(sync()).isEqualTo(new SyncReport(Kind.CHANGES, 6, 6, 5));
    assertThat(served.rows(ORDERS)).containsExactly("1|a", "2|B", "5|e", "40|d");
    assertThat(served.value("SELECT xmin FROM app.orders WHERE id = 1")).isEqualTo(untouched);
    assertThat(served.value("SELECT delta_version FROM kurrentlake.sync_state")).isEqualTo("6");
    assertThat(stagingTables()).isEmpty();
  }

  @Test
  void anOverwrittenTableRewritesOnlyTheRowsThatDiffer() {
    makeOrders("(1, 'a'), (2, 'b'), (3, NULL)");
    sync();
    var before = served.rows("SELECT id, xmin FROM app.orders WHERE id <> 2 ORDER BY id");

    delta("INSERT OVERWRITE %s VALUES (1, 'a'), (2, 'B'), (3, NULL)");

    assertThat(sync()).isEqualTo(new SyncReport(Kind.CHANGES, 2, 1, 1));
    assertThat(served.rows(ORDERS)).containsExactly("1|a", "2|B", "3|null");
    assertThat(served.rows("SELECT id, xmin FROM app.orders WHERE id <> 2 ORDER BY id"))
        .isEqualTo(before);
  }

  @Test
  void aRunStoppedAtAnyPhaseLosesNothingAndRepeatsNothing() {
    makeOrders("(1, 'a'), (2, 'b')");
    for (var phase : Phase.values()) {
      stopAt(phase);
    }
    assertThat(sync().kind()).isEqualTo(Kind.NOTHING_NEW);
    assertThat(served.rows(ORDERS)).containsExactly("1|a", "2|b");
    served.audit("app.orders");

    delta("UPDATE %s SET name = 'B' WHERE id = 2");
    delta("INSERT INTO %s VALUES (3, 'c')");
    for (var phase : Phase.values()) {
      stopAt(phase);
      assertThat(served.rows(ORDERS))
          .as("after %s", phase)
          .hasSize(phase == Phase.COMMITTED ? 3 : 2);
    }
    assertThat(sync().kind()).isEqualTo(Kind.NOTHING_NEW);
    assertThat(served.rows(ORDERS)).containsExactly("1|a", "2|B", "3|c");
    assertThat(served.rows("SELECT * FROM app.audit ORDER BY id")).containsExactly("2|B", "3|c");
    assertThat(stagingTables()).isEmpty();
  }

  @Test
  void aDoubledKeyIsRefusedUnlessATimeseriesTellsWhichRowCounts() {
    makeOrders("(1, 'a'), (2, 'b')");
    sync();
    delta("INSERT INTO %s VALUES (2, 'z')");
    assertCode(this::sync, ErrorCode.DUPLICATE_KEY, "app.orders", "id");
    assertCode(
        () -> sync(table.schedulingPolicy(SchedulingPolicy.SNAPSHOT)), ErrorCode.DUPLICATE_KEY);
    assertThat(served.rows(ORDERS)).containsExactly("1|a", "2|b");
    assertThat(stagingTables()).isEmpty();

    var byName = table.timeseriesKey("name");
    assertThat(sync(byName)).isEqualTo(new SyncReport(Kind.CHANGES, 2, 1, 1));
    assertThat(served.rows(ORDERS)).containsExactly("1|a", "2|z");
    // One that is older than what is there changes nothing; when the newest goes, the next counts.
    delta("INSERT INTO %s VALUES (2, 'm')");
    assertThat(sync(byName).written()).isZero();
    delta("DELETE FROM %s WHERE name = 'z' OR id = 1");
    assertThat(sync(byName).written()).isEqualTo(2);
    assertThat(served.rows(ORDERS)).containsExactly("2|m");
    served.execute("DELETE FROM kurrentlake.sync_state");
    served.execute("DROP TABLE app.orders");
    assertThat(sync(byName)).isEqualTo(new SyncReport(Kind.WHOLE_FIRST, 4, 1, 1));
    assertThat(served.rows(ORDERS)).containsExactly("2|m");
  }

  @Test
  void whatTheChangeFeedCannotTellIsCopiedWhole() throws IOException {
    makeOrders("(1, 'a')");
    sync();
    delta("ALTER TABLE %s ADD COLUMNS (note STRING, big DECIMAL(30, 4))");
    delta("INSERT INTO %s VALUES (2, 'b', 'new', 1.5)");
    assertThat(sync().kind()).isEqualTo(Kind.CHANGES);
    assertThat(served.rows(ORDERS)).containsExactly("1|a|null|null", "2|b|new|1.5000");

    delta("UPDATE %s SET note = 'x' WHERE id = 1");
    delta("UPDATE %s SET note = 'y' WHERE id = 1");
    removeChangeData();
    assertThat(sync().kind()).isEqualTo(Kind.WHOLE_HISTORY_GONE);
    assertThat(served.rows(ORDERS)).containsExactly("1|a|y|null", "2|b|new|1.5000");

    // A table of the same name, made again.
    directory = Files.createDirectory(directory.resolve("again"));
    lakehouse = Lakehouse.at(directory);
    makeOrders("(7, 'g')");
    assertThat(sync().kind()).isEqualTo(Kind.WHOLE_REPLACED);
    assertThat(served.rows(ORDERS)).containsExactly("7|g");

    served.execute("ALTER TABLE app.orders ALTER COLUMN name TYPE varchar(10)");
    assertThat(sync().kind()).isEqualTo(Kind.WHOLE_SCHEMA_CHANGED);
    assertThat(served.rows(ORDERS)).containsExactly("7|g");
  }

  @Test
  void aSnapshotSwapsTheTableAndKeepsIndexesAndGrants() {
    makeOrders("(1, 'a'), (2, 'b')");
    var snapshot = table.schedulingPolicy(SchedulingPolicy.SNAPSHOT);
    sync(snapshot);
    served.execute(
        "CREATE INDEX \"by \"\"name\"\" USING\" ON app.orders (lower(name)) WHERE id > 1");
    served.execute("DROP ROLE IF EXISTS reader");
    served.execute("CREATE ROLE reader");
    served.execute("GRANT SELECT ON app.orders TO reader WITH GRANT OPTION");
    var indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'app' ORDER BY indexname";
    var grants =
        "SELECT grantee, privilege_type, is_grantable FROM information_schema.role_table_grants"
            + " WHERE table_schema = 'app' ORDER BY 1, 2";
    var oid = "SELECT 'app.orders'::regclass::oid";
    var before = List.of(served.rows(indexes), served.rows(grants));
    var oldTable = served.value(oid);
    assertThat(sync(snapshot).kind()).isEqualTo(Kind.NOTHING_NEW);

    delta("INSERT OVERWRITE %s VALUES (2, 'c')");

    assertThat(sync(snapshot)).isEqualTo(new SyncReport(Kind.WHOLE_BY_POLICY, 2, 1, 1));
    assertThat(served.rows(ORDERS)).containsExactly("2|c");
    assertThat(List.of(served.rows(indexes), served.rows(grants))).isEqualTo(before);
    assertThat(served.value(oid)).isNotEqualTo(oldTable);
  }

  @Test
  void aTableOfSomebodyElseIsNotTouched() {
    makeOrders("(1, 'a')");
    served.execute("CREATE SCHEMA app");
    assertCode(() -> sync(table.objects(DatabaseObjects.MUST_EXIST)), ErrorCode.TARGET_MISSING);
    served.execute("CREATE TABLE app.orders (id bigint, name text)");
    served.execute("INSERT INTO app.orders VALUES (9, 'theirs')");
    assertCode(this::sync, ErrorCode.TARGET_TAKEN, "no sync wrote");
    assertThat(served.rows(ORDERS)).containsExactly("9|theirs");

    served.execute("DELETE FROM app.orders");
    sync(table.objects(DatabaseObjects.MUST_EXIST));
    spark.sql("CREATE TABLE %s (id BIGINT) USING DELTA".formatted(sqlName("others")));
    var other =
        SyncedTable.of("gold.others", table.target(), List.of("id"))
            .schedulingPolicy(SchedulingPolicy.SNAPSHOT);
    assertCode(() -> sync(other), ErrorCode.TARGET_TAKEN, "gold.orders");
    assertThat(served.rows(ORDERS)).containsExactly("1|a");
  }

  @Test
  void aSourceThatCannotBeSyncedIsNamed() {
    spark.sql("CREATE TABLE %s (id BIGINT, t TIMESTAMP) USING DELTA".formatted(sqlName("orders")));
    assertCode(this::sync, ErrorCode.SOURCE_WITHOUT_CHANGES, "gold.orders");
    var snapshot = table.schedulingPolicy(SchedulingPolicy.SNAPSHOT);
    assertCode(() -> sync(snapshot.timeseriesKey("no")), ErrorCode.NOT_SYNCABLE, "no");
    var keyless = SyncedTable.of("gold.orders", table.target(), List.of("key"));
    assertCode(
        () -> sync(keyless.schedulingPolicy(SchedulingPolicy.SNAPSHOT)),
        ErrorCode.NOT_SYNCABLE,
        "key");
    var missing = SyncedTable.of("gold.nothing", table.target(), List.of("id"));
    assertCode(() -> sync(missing), ErrorCode.TABLE_MISSING);
  }

  @Test
  void fourConnectionsAndARoleWithoutPowersSuffice() throws IOException {
    served.execute("DROP ROLE IF EXISTS syncer");
    served.execute("CREATE ROLE syncer LOGIN PASSWORD 'pass' CONNECTION LIMIT 4");
    served.execute("GRANT CREATE ON DATABASE \"LakebaseSyncTest\" TO syncer");
    var password = Files.writeString(directory.resolve("password"), "pass");
    var syncer =
        new PostgresUrl(
            PostgresAddress.of("127.0.0.1", Postgres.server().port(), "LakebaseSyncTest", "syncer"),
            new SecretPlace.InFile(password.toString()));
    spark
        .range(0, 1000, 1, 8)
        .selectExpr("id", "concat('name ', id) AS name")
        .write()
        .format("delta")
        .option("delta.enableChangeDataFeed", "true")
        .save(directory.resolve("gold/orders").toString());
    var limited = Connections.to(syncer);

    var first = LakebaseSync.run(spark, lakehouse, limited, table);
    assertThat(first.staged()).isEqualTo(1000);
    delta("UPDATE %s SET name = upper(name)");
    assertThat(LakebaseSync.run(spark, lakehouse, limited, table).written()).isEqualTo(1000);
    assertThat(served.value("SELECT count(*) FROM app.orders WHERE name = 'NAME ' || id"))
        .isEqualTo("1000");
    served.execute("DROP OWNED BY syncer");
    served.execute("DROP ROLE syncer");
  }

  @Test
  void rowsOfATaskThatRanTwiceAreThereOnce() throws SQLException {
    makeOrders("(1, 'a'), (2, 'b')");
    var source = SourceTable.open(spark, lakehouse, table);
    var columns = source.columns(table);
    var staging = Staging.ofWhole(table, columns);
    try (var connection = SyncConnection.lock(connections, table.target())) {
      SyncState.ensureTable(connection);
      staging.create(connection, Staging.Fate.UNLOGGED);
      var counted = staging.copy(source.whole(table, columns), DATABASE).rows();
      staging.copy(source.whole(table, columns).limit(1), DATABASE);
      connection.inTransaction(() -> staging.settle(connection, counted));

      assertThat(served.rows("SELECT * FROM " + staging.name().sql() + " ORDER BY id"))
          .containsExactly("1|a", "2|b");
      // What the run left is nobody's, and the next one drops it.
      Staging.dropAbandoned(connection);
      assertThat(stagingTables()).isEmpty();
    }
  }

  @Test
  void aContinuousSyncFollowsUntilItIsInterrupted() throws InterruptedException {
    makeOrders("(1, 'a')");
    var reports = new LinkedBlockingQueue<SyncReport>();
    var continuous = table.schedulingPolicy(SchedulingPolicy.CONTINUOUS);
    var follower =
        new Thread(
            () ->
                LakebaseSync.follow(
                    spark, lakehouse, connections, continuous, Duration.ofMillis(1), reports::add));
    follower.start();
    assertThat(reports.poll(60, TimeUnit.SECONDS).kind()).isEqualTo(Kind.WHOLE_FIRST);

    delta("INSERT INTO %s VALUES (2, 'b')");
    var report = reports.poll(60, TimeUnit.SECONDS);
    while (report.kind() == Kind.NOTHING_NEW) {
      report = reports.poll(60, TimeUnit.SECONDS);
    }
    assertThat(report).isEqualTo(new SyncReport(Kind.CHANGES, 2, 1, 1));
    assertThat(served.rows(ORDERS)).containsExactly("1|a", "2|b");
    follower.interrupt();
    follower.join(60_000);
    assertThat(follower.isAlive()).isFalse();
  }

  private void makeOrders(String rows) {
    delta(
        "CREATE TABLE %s (id BIGINT, name STRING) USING DELTA"
            + " TBLPROPERTIES (delta.enableChangeDataFeed = true)");
    delta("INSERT INTO %s VALUES " + rows);
  }

  @Test
  void aViewThatForbidsAWholeCopyIsNamedBeforeAnythingIsCopied() {
    makeOrders("(1, 'a')");
    sync();
    served.execute("CREATE VIEW app.\"Names\" AS SELECT name FROM app.orders");
    served.execute("CREATE MATERIALIZED VIEW app.ids AS SELECT id FROM app.orders");
    served.execute("CREATE TABLE app.notes (id bigint REFERENCES app.orders)");
    delta("INSERT INTO %s VALUES (2, 'b')");
    assertThat(sync().kind()).isEqualTo(Kind.CHANGES);

    delta("INSERT INTO %s VALUES (3, 'c')");
    var snapshot = table.schedulingPolicy(SchedulingPolicy.SNAPSHOT);
    assertThatThrownBy(() -> sync(snapshot))
        .hasMessageStartingWith("KL-649")
        .hasMessageContaining("table: app.orders")
        .hasMessageContaining(
            "held by: foreign key notes_id_fkey of app.notes, materialized view app.ids,"
                + " view app.\"Names\"");
    assertThat(served.rows(ORDERS)).containsExactly("1|a", "2|b");
    assertThat(stagingTables()).isEmpty();

    served.execute("DROP VIEW app.\"Names\"");
    served.execute("DROP MATERIALIZED VIEW app.ids");
    served.execute("DROP TABLE app.notes");
    // What only the server knows of is named by it.
    served.execute(
        "CREATE FUNCTION app.count() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM app.orders; END");
    assertThatThrownBy(() -> sync(snapshot))
        .hasMessageStartingWith("KL-649")
        .hasMessageContaining("function app.count()");
    served.execute("DROP FUNCTION app.count()");
    assertThat(sync(snapshot).kind()).isEqualTo(Kind.WHOLE_BY_POLICY);
  }

  private void delta(String sql) {
    spark.sql(sql.formatted(sqlName("orders")));
  }

  private String sqlName(String name) {
    return "delta.`" + directory.resolve("gold").resolve(name) + "`";
  }

  private SyncReport sync() {
    return sync(table);
  }

  private SyncReport sync(SyncedTable synced) {
    return LakebaseSync.run(spark, lakehouse, connections, synced);
  }

  private void stopAt(Phase phase) {
    var sync =
        new LakebaseSync(
            spark,
            lakehouse,
            connections,
            table,
            reached -> {
              if (reached == phase) {
                throw new Stopped();
              }
            });
    assertThatThrownBy(sync::run).as(phase.name()).isInstanceOf(Stopped.class);
  }

  private List<String> stagingTables() {
    return served.rows(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND starts_with(relname, 'sync_')"
            + " AND relname <> 'sync_state'");
  }

  /** As VACUUM does when the retention is over. */
  private void removeChangeData() throws IOException {
    try (var files = Files.walk(directory.resolve("gold/orders/_change_data"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void assertCode(Runnable work, ErrorCode code, String... parts) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(
            KurrentlakeException.class,
            e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
        .satisfies(
            e ->
                assertThat(List.of(parts))
                    .allSatisfy(part -> assertThat(e).hasMessageContaining(part)));
  }

  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
