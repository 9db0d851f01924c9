package io.github.kurrentlake.bench;

import io.github.kurrentlake.embedded.postgres.LocalPostgres;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresUrl;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.lakebase.source.LakebaseAddress;
import io.github.kurrentlake.lakebase.sync.LakebaseSync;
import io.github.kurrentlake.lakebase.sync.SyncedTable;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Sql;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The same Delta table brought into an embedded PostgreSQL: whole, by {@code LakebaseSync} and by
 * {@code spark.write.jdbc}; then after every row was changed, by {@code LakebaseSync} and by
 * batches of JDBC upserts of the same change feed. A row is counted once in each.
 */
final class LakebaseWrite {
  static final String WHOLE = "lakebase-write";
  static final String JDBC_WHOLE = "jdbc-write";
  static final String UPSERT = "lakebase-upsert";
  static final String JDBC_UPSERT = "jdbc-upsert";

  private static final int CONNECTIONS = 3;

  private final SparkSession spark;
  private final BenchOptions options;
  private final String delta;
  private final Lakehouse lakehouse;

  /**
   * @param directory an empty directory for the Delta table
   */
  LakebaseWrite(SparkSession spark, BenchOptions options, Path directory) {
    this.spark = spark;
    this.options = options;
    this.delta = Sql.name("delta", directory.resolve("gold").resolve("write").toString());
    this.lakehouse = Lakehouse.at(directory);
  }

  void run(LakebaseExtract.Recorder recorder) {
    try (var postgres = LocalPostgres.temporary()) {
      var database = (PostgresUrl) postgres.database("postgres");
      fill();
      for (var round = options.firstRound(); round <= options.rounds(); round++) {
        whole(database, round, recorder);
        upsert(database, round, recorder);
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

  private void whole(PostgresUrl database, int round, LakebaseExtract.Recorder recorder) {
    execute(database, "DROP SCHEMA IF EXISTS kurrentlake CASCADE");
    execute(database, "DROP TABLE IF EXISTS write_ours, write_jdbc");
    timed(WHOLE, round, recorder, () -> sync(database));
    var properties = new Properties();
    properties.setProperty("driver", "org.postgresql.Driver");
    properties.setProperty("user", database.user());
    properties.setProperty("authenticationPluginClassName", FilePassword.class.getName());
    properties.setProperty(FilePassword.FILE, LakebaseAddress.of(database).passwordFile());
    properties.setProperty("reWriteBatchedInserts", "true");
    properties.setProperty("batchsize", "10000");
    var url =
        "jdbc:postgresql://%s:%d/%s"
            .formatted(database.host(), database.port(), database.database());
    timed(
        JDBC_WHOLE,
        round,
        recorder,
        () -> spark.table(delta).coalesce(CONNECTIONS).write().jdbc(url, "write_jdbc", properties));
    // What it takes to upsert; LakebaseSync has made its own.
    execute(database, "ALTER TABLE write_jdbc ADD PRIMARY KEY (id)");
  }

  private void upsert(PostgresUrl database, int round, LakebaseExtract.Recorder recorder) {
    spark.sql("UPDATE %s SET amount = amount + 1".formatted(delta));
    timed(UPSERT, round, recorder, () -> sync(database));
    var version =
        spark.sql("DESCRIBE HISTORY " + delta + " LIMIT 1").select("version").head().getLong(0);
    timed(
        JDBC_UPSERT,
        round,
        recorder,
        () -> changed(version).coalesce(CONNECTIONS).foreachPartition(new JdbcUpsert(database)));
  }

  private Dataset<Row> changed(long version) {
    return spark
        .read()
        .option("readChangeFeed", "true")
        .option("startingVersion", version)
        .option("endingVersion", version)
        .table(delta)
        .filter("_change_type = 'update_postimage'")
        .select("id", "name", "amount", "changed", "body");
  }

  private void sync(PostgresUrl database) {
    var table = SyncedTable.of("gold.write", TableName.of("public", "write_ours"), List.of("id"));
    LakebaseSync.run(spark, lakehouse, Connections.to(database), table);
  }

  private void timed(String row, int round, LakebaseExtract.Recorder recorder, Runnable work) {
    var begun = System.nanoTime();
    work.run();
    if (options.wants(row)) {
      recorder.record(row, round, new Sample(options.events(), (System.nanoTime() - begun) / 1e9));
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
