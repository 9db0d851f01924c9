package io.github.kurrentlake.lakebase.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresUrl;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.lakebase.sync.SyncReport.Kind;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.SecretPlace;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Sessions;
import io.github.kurrentlake.testing.KilledJvm;
import io.github.kurrentlake.testing.Postgres;
import io.github.kurrentlake.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that changes a Delta table and syncs it, again and again, is killed at any moment. */
@Tag("long")
class SyncKillTest {
  private static final SyncedTable TABLE =
      SyncedTable.of("gold.numbers", TableName.of("app", "numbers"), List.of("id"));
  private static final int KEYS = 500;
  private static final int MOST_MILLIS = 4_000;

  private final SparkSession spark = SharedSpark.session();
  @TempDir private Path directory;

  @Test
  void aKilledProcessLosesNothingAndRepeatsNothing()
      throws IOException, InterruptedException, SQLException {
    var database = (PostgresUrl) Postgres.database(SyncKillTest.class);
    var lakehouse = Lakehouse.at(directory.resolve("lake"));
    var delta = directory.resolve("lake/gold/numbers");
    spark.sql(
        "CREATE TABLE delta.`%s` (id BIGINT, round BIGINT) USING DELTA".formatted(delta)
            + " TBLPROPERTIES (delta.enableChangeDataFeed = true)");
    try (var served = new Served(database)) {
      LakebaseSync.run(spark, lakehouse, Connections.to(database), TABLE);
      served.audit("app.numbers");
      var random = KilledJvm.chance();
      for (var kill = KilledJvm.kills(); kill > 0; kill--) {
        killedChild(database, random);
      }

      var last = LakebaseSync.run(spark, lakehouse, Connections.to(database), TABLE);

      assertThat(last.kind()).isIn(Kind.CHANGES, Kind.NOTHING_NEW);
      var rows = spark.sql("SELECT id, round FROM delta.`%s` ORDER BY id".formatted(delta));
      assertThat(served.rows("SELECT id, round FROM app.numbers ORDER BY id"))
          .isNotEmpty()
          .isEqualTo(
              rows.collectAsList().stream()
                  .map(row -> row.getLong(0) + "|" + row.getLong(1))
                  .toList());
      assertThat(served.rows("SELECT id, round FROM app.audit GROUP BY 1, 2 HAVING count(*) > 1"))
          .isEmpty();
      assertThat(
              served.rows(
                  "SELECT relname FROM pg_class WHERE relkind = 'r'"
                      + " AND starts_with(relname, 'sync_') AND relname <> 'sync_state'"))
          .isEmpty();
    }
  }

  private void killedChild(PostgresUrl database, Random random)
      throws IOException, InterruptedException {
    var password = (SecretPlace.InFile) database.password();
    KilledJvm.of(
            SyncKillTest.class,
            directory.resolve("child.log"),
            directory.resolve("lake").toString(),
            database.toString())
        .with(ConnectionInfoProvider.PASSWORD + SecretPlace.FILE_SUFFIX, password.path())
        .killAfter("ready", random.nextInt(MOST_MILLIS));
  }

  /** The child: rounds of changes, each with numbers of its own, and a sync after each. */
  public static void main(String[] arguments) {
    var spark = Sessions.local("kurrentlake-kill");
    spark.sparkContext().setLogLevel("WARN");
    var connections =
        Connections.to(ConnectionInfoProvider.parse(arguments[1], Environment.ofProcess()));
    var lakehouse = Lakehouse.at(Path.of(arguments[0]));
    var delta = "delta.`" + Path.of(arguments[0], "gold", "numbers") + "`";
    while (true) {
      var round = System.nanoTime();
      spark.sql("DELETE FROM %s WHERE id %% 7 = %d".formatted(delta, Math.floorMod(round, 7)));
      spark.sql(
          """
          MERGE INTO %1$s t USING (SELECT id, %2$dL AS round FROM range(%3$d) WHERE rand() < 0.3) s
          ON t.id = s.id
          WHEN MATCHED THEN UPDATE SET round = s.round
          WHEN NOT MATCHED THEN INSERT *"""
              .formatted(delta, round, KEYS));
      LakebaseSync.run(spark, lakehouse, connections, TABLE);
      // After the first round it is quick enough to be killed anywhere.
      System.out.println("ready");
      System.out.flush();
    }
  }
}
