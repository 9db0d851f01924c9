package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.Postgres;
import io.github.kurrentlake.testing.SharedSpark;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of a sync share: a Delta table of items, and the one in Postgres made from it. */
abstract class SyncedItems {
  final SparkSession spark = SharedSpark.session();
  final ConnectionInfoProvider database = Postgres.database(getClass());
  final Connections connections = Connections.to(database);
  final SyncedTable table;
  @AutoClose final Served served = new Served(database);
  @TempDir Path directory;

  SyncedItems(String... key) {
    table = SyncedTable.of("gold.items", TableName.of("app", "items"), List.of(key));
  }

  @BeforeEach
  void begin() {
    served.reset();
  }

  /** Makes the Delta table, with a change feed. */
  final void make(String columns) {
    delta(
        "CREATE TABLE %s ("
            + columns
            + ") USING DELTA TBLPROPERTIES (delta.enableChangeDataFeed = true)");
  }

  /** Runs a statement on the Delta table. */
  final void delta(String sql) {
    spark.sql(sql.formatted(sqlName()));
  }

  final String sqlName() {
    return "delta.`" + directory.resolve("gold/items") + "`";
  }

  final SyncReport sync() {
    return LakebaseSync.run(spark, Lakehouse.at(directory), connections, table);
  }
}
