package io.github.kurrentlake.lakebase.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresAddress;
import io.github.kurrentlake.lakebase.connect.PostgresUrl;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.lakebase.sync.CommitCutter.Cut;
import io.github.kurrentlake.lakebase.sync.LakebaseSync.Phase;
import io.github.kurrentlake.lakebase.sync.SyncReport.Kind;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.Postgres;
import io.github.kurrentlake.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A connection that breaks in the commit, of which nobody can tell whether it took place. */
class BrokenCommitTest {
  private static final SyncedTable TABLE =
      SyncedTable.of("gold.t", TableName.of("app", "t"), List.of("id"));

  private final SparkSession spark = SharedSpark.session();
  @TempDir private Path directory;

  @Test
  void postgresIsAskedHowTheCommitEnded() throws IOException, SQLException {
    var direct = (PostgresUrl) Postgres.database(BrokenCommitTest.class);
    var delta = "delta.`" + directory.resolve("gold/t") + "`";
    spark.sql(
        "CREATE TABLE %s (id BIGINT) USING DELTA".formatted(delta)
            + " TBLPROPERTIES (delta.enableChangeDataFeed = true)");
    try (var cutter = new CommitCutter(direct.address().port());
        var served = new Served(direct)) {
      var wire =
          new PostgresUrl(
              PostgresAddress.of(
                  direct.address().host(),
                  cutter.port(),
                  direct.address().database(),
                  direct.address().user()),
              direct.password());
      sync(wire, cutter, Cut.NONE);

      spark.sql("INSERT INTO " + delta + " VALUES (1)");
      assertThat(sync(wire, cutter, Cut.AFTER)).isEqualTo(new SyncReport(Kind.CHANGES, 1, 1, 1));
      assertThat(served.rows("SELECT id FROM app.t")).containsExactly("1");

      spark.sql("INSERT INTO " + delta + " VALUES (2)");
      assertCode(() -> sync(wire, cutter, Cut.BEFORE), ErrorCode.LAKEBASE_UNREACHABLE);
      assertThat(served.rows("SELECT id FROM app.t")).containsExactly("1");
      assertThat(sync(wire, cutter, Cut.NONE).kind()).isEqualTo(Kind.CHANGES);

      spark.sql("INSERT INTO " + delta + " VALUES (3)");
      assertCode(() -> sync(wire, cutter, Cut.AFTER_AND_FOR_GOOD), ErrorCode.SYNC_OUTCOME_UNKNOWN);
      assertThat(sync(direct, cutter, Cut.NONE).kind()).isEqualTo(Kind.NOTHING_NEW);
      assertThat(served.rows("SELECT id FROM app.t ORDER BY id")).containsExactly("1", "2", "3");
    }
  }

  private SyncReport sync(PostgresUrl database, CommitCutter cutter, Cut cut) {
    var lakehouse = Lakehouse.at(directory);
    return new LakebaseSync(
            spark,
            lakehouse,
            Connections.to(database),
            TABLE,
            phase -> {
              if (phase == Phase.APPLIED) {
                cutter.next(cut);
              }
            })
        .run();
  }

  private static void assertCode(Supplier<SyncReport> work, ErrorCode code) {
    assertThatThrownBy(() -> assertThat(work.get()).as("what was done").isNull())
        .isInstanceOfSatisfying(
            KurrentlakeException.class,
            e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }
}
