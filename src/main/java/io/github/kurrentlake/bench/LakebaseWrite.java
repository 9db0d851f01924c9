package io.github.kurrentlake.bench;

import io.github.kurrentlake.embedded.postgres.LocalPostgres;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresUrl;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.lakebase.source.LakebaseAddress;
import io.github.kurrentlake.lakebase.sync.LakebaseSync;
import io.github.kurrentlake.lakebase.sync.SyncedTable;
import io.github.kurrentlake.table.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * The same Delta table brought into an embedded PostgreSQL: whole, by {@code LakebaseSync} and by
 * {@code spark.write.jdbc}; then after changes of several kinds, by {@code LakebaseSync} and by
 * batches of JDBC upserts of the same change feed.
 */
final class LakebaseWrite implements Experiment {
  static final String WHOLE = "lakebase-write";
  static final String JDBC_WHOLE = "jdbc-write";
  static final Change UPSERT =
      new Change("upsert", "UPDATE %s SET amount = amount + 1", "update_postimage", 1);
  private static final Change TENTH =
      new Change(
          "tenth", "UPDATE %s SET amount = amount + 1 WHERE id %% 10 = 0", "update_postimage", 10);

  /** As a Gold table is made every hour. */
  static final Change REBUILT =
      new Change(
          "rebuilt",
          """
          INSERT OVERWRITE %1$s
          SELECT id, name, IF(id %% 20 = 0, amount + 1, amount), changed, body FROM %1$s""",
          "insert",
          1);

  private static final List<Change> CHANGES = List.of(UPSERT, TENTH, REBUILT);
  private static final int CONNECTIONS = 3;

  /**
   * What is done to the Delta table in one commit before the two bring it over.
   *
   * @param type the rows of the change feed that JDBC upserts
   * @param part one row in so many is of that type
   */
  record Change(String name, String sql, String type, long part) {
    String ours() {
      return "lakebase-" + name;
    }

    String jdbc() {
      return "jdbc-" + name;
    }

    private List<String> rows() {
      return List.of(ours(), jdbc());
    }
  }

  private final Bench bench;
  private final SparkSession spark;
  private final BenchOptions options;
  private final WorkDirectory directory;
  private final String delta;

  LakebaseWrite(Bench bench) {
    this.bench = bench;
    this.spark = bench.spark();
    this.options = bench.options();
    this.directory = bench.directory();
    this.delta = Sql.name("delta", directory.path().resolve("gold").resolve("write").toString());
  }

  @Override
  public List<String> rows() {
    return Stream.concat(
            Stream.of(WHOLE, JDBC_WHOLE),
            CHANGES.stream().flatMap(change -> change.rows().stream()))
        .toList();
  }

  @Override
  public void run() {
    try (var postgres = LocalPostgres.temporary()) {
      var database = (PostgresUrl) postgres.database("postgres");
      fill();
      for (var round : bench.rounds()) {
        whole(database, round);
        for (var change : CHANGES) {
          if (change.rows().stream().anyMatch(options::wants)) {
            bringOver(change, database, round);
          }
        }
      }
    }
  }

  private void fill() {
    spark.sql(
        """
        CREATE TABLE %s USING DELTA TBLPROPERTIES (delta.enableChangeDataFeed = true) AS
        SELECT id, concat('customer ', id) AS name, CAST(id * 0.37 AS DECIMAL(12, 2)) AS amount,
          timestamp_seconds(1704067200 + id) AS changed,
          concat('{"n": ', id, ', "tags": ["a", "b"]}') AS body
        FROM range(%d)"""
            .formatted(delta, options.events()));
  }

  private void whole(PostgresUrl database, int round) {
    execute(database, "DROP SCHEMA IF EXISTS kurrentlake CASCADE");
    execute(database, "DROP TABLE IF EXISTS write_ours, write_jdbc");
    timed(WHOLE, options.events(), round, () -> sync(database));
    var properties = new Properties();
    properties.setProperty("driver", "org.postgresql.Driver");
    properties.setProperty("user", database.address().user());
    properties.setProperty("authenticationPluginClassName", FilePassword.class.getName());
    properties.setProperty(FilePassword.FILE, LakebaseAddress.of(database).passwordFile());
    properties.setProperty("reWriteBatchedInserts", "true");
    properties.setProperty("batchsize", "10000");
    var url = database.address().jdbcUrl();
    timed(
        JDBC_WHOLE,
        options.events(),
        round,
        () -> spark.table(delta).coalesce(CONNECTIONS).write().jdbc(url, "write_jdbc", properties));
    // What it takes to upsert; LakebaseSync has made its own.
    execute(database, "ALTER TABLE write_jdbc ADD PRIMARY KEY (id)");
  }

  private void bringOver(Change change, PostgresUrl database, int round) {
    spark.sql(change.sql().formatted(delta));
    var rows = options.events() / change.part();
    timed(change.ours(), rows, round, () -> sync(database));
    var version =
        spark.sql("DESCRIBE HISTORY " + delta + " LIMIT 1").select("version").head().getLong(0);
    timed(
        change.jdbc(),
        rows,
        round,
        () ->
            changed(version, change.type())
                .coalesce(CONNECTIONS)
                .foreachPartition(new JdbcUpsert(database)));
  }

  private Dataset<Row> changed(long version, String type) {
    return spark
        .read()
        .option("readChangeFeed", "true")
        .option("startingVersion", version)
        .option("endingVersion", version)
        .table(delta)
        .filter(functions.col("_change_type").equalTo(type))
        .select("id", "name", "amount", "changed", "body");
  }

  private void sync(PostgresUrl database) {
    var table = SyncedTable.of("gold.write", TableName.of("public", "write_ours"), List.of("id"));
    LakebaseSync.run(spark, directory.lakehouse(), Connections.to(database), table);
  }

  /** Both of a pair are done, since the next round builds on them; what is asked for counts. */
  private void timed(String row, long rows, int round, Runnable work) {
    var sample =
        Sample.timed(
            () -> {
              work.run();
              return rows;
            });
    if (options.wants(row)) {
      bench.record(row, round, sample);
    }
  }

  private static void execute(PostgresUrl database, String sql) {
    try (var connection = Connections.to(database).open("kurrentlake bench");
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw ErrorCode.INTERNAL.error().with("postgres", e.getMessage()).causedBy(e);
    }
  }
}
