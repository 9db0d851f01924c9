package io.github.kurrentlake.lakebase.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresUrl;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.lakebase.sync.SyncReport.Kind;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.SecretPlace;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.Postgres;
import io.github.kurrentlake.testing.SharedSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Delta takes texts that Postgres does not: with a NUL, or with bytes that are no UTF-8. */
class BadTextTest {
  private static final ConnectionInfoProvider DATABASE = Postgres.database(BadTextTest.class);
  private static final String NO_UTF8 = "CAST(X'61ff62' AS STRING)";
  private static final String SURROGATE = "CAST(X'eda080' AS STRING)";
  private static final String NUL = "concat('n', char(0))";
  private static final SyncedTable TABLE =
      SyncedTable.of("gold.texts", TableName.of("app", "texts"), List.of("id"));

  private final SparkSession spark = SharedSpark.session();
  @TempDir private Path directory;
  @AutoClose private final Served served = new Served(DATABASE);

  @BeforeEach
  void begin() {
    served.reset();
    spark
        .sql("SELECT 'a' AS id, 'ä😀' AS t, array('') AS j")
        .write()
        .format("delta")
        .option("delta.enableChangeDataFeed", "true")
        .save(path());
  }

  @Test
  void anErrorNamesTableKeyAndColumnUntilTheRowIsGone() {
    sync(TABLE);
    for (var text : List.of(NO_UTF8, SURROGATE, NUL)) {
      // Delta's change feed gives bytes that are no UTF-8 as U+FFFD already.
      var policy = text.equals(NUL) ? SchedulingPolicy.TRIGGERED : SchedulingPolicy.SNAPSHOT;
      var table = TABLE.schedulingPolicy(policy);
      insert("'k', %s, array('')".formatted(text));
      assertRefused(
          table,
          ErrorCode.ROW_NOT_SYNCABLE,
          "source: gold.texts",
          "table: app.texts",
          "key id: k",
          "column: t");
      delta("DELETE FROM %s WHERE id = 'k'");
      sync(table);
      insert("%s, 'x', array('')".formatted(text));
      assertRefused(table, ErrorCode.ROW_NOT_SYNCABLE, "column: id");
      delta("DELETE FROM %s WHERE id <> 'a'");
      sync(table);
    }
    insert("NULL, 'x', array('')");
    assertRefused(TABLE, ErrorCode.KEY_IS_NULL, "table: app.texts", "key id: null", "column: id");
    delta("DELETE FROM %s WHERE id IS NULL");
    sync(TABLE);
    assertServed("a|ä😀|[\"\"]");
  }

  @ParameterizedTest
  @EnumSource(names = {"SNAPSHOT", "TRIGGERED"})
  void whatCannotBeHeldIsReplaced(SchedulingPolicy policy) {
    var table = TABLE.badText(BadText.REPLACE).schedulingPolicy(policy);
    sync(table);
    insert("'b', %s, array('')".formatted(NO_UTF8));
    insert("'c', %s, array('x', %s)".formatted(NUL, NUL));
    insert("%s, 'x', array('')".formatted(NUL));
    assertThat(sync(table))
        .satisfies(
            report -> {
              assertThat(report.bad()).isEqualTo(policy == SchedulingPolicy.SNAPSHOT ? 3 : 2);
              assertThat(report.examples()).contains("id=c, column t", "id=n\\0, column id");
            });
    assertServed(
        "a|ä😀|[\"\"]", "b|a\ufffdb|[\"\"]", "c|n\ufffd|[\"x\", \"n\ufffd\"]", "n\ufffd|x|[\"\"]");
    delta("DELETE FROM %s WHERE id <> 'a'");
    assertThat(sync(table).bad()).isZero();
    assertServed("a|ä😀|[\"\"]");
  }

  @Test
  void aRowThatIsSkippedIsNotServedUntilItIsMended() {
    var table = TABLE.badText(BadText.SKIP);
    insert("'b', %s, array('')".formatted(NUL));
    var first = sync(table);
    assertThat(first)
        .isEqualTo(new SyncReport(Kind.WHOLE_FIRST, 1, 1, 1, 1, List.of("id=b, column t")));
    assertServed("a|ä😀|[\"\"]");

    insert("'c', 'good', array(%s)".formatted(NUL));
    insert("%s, 'x', array('')".formatted(NUL));
    delta("UPDATE %s SET t = " + NUL + " WHERE id = 'a'");
    assertThat(sync(table).bad()).isEqualTo(3);
    assertServed();

    delta("UPDATE %s SET t = 'mended' WHERE id IN ('a', 'b')");
    var mended = sync(table);
    assertThat(mended.kind()).isEqualTo(Kind.CHANGES);
    assertThat(mended.bad()).isZero();
    assertServed("a|mended|[\"\"]", "b|mended|[\"\"]");

    // In one commit, whose rows need no order: one gets worse, one goes, one is mended.
    delta(
        """
        MERGE INTO %s t USING (SELECT explode(array('a', 'b', 'c')) AS id) s ON t.id = s.id
        WHEN MATCHED AND s.id = 'a' THEN UPDATE SET t = concat('x', char(0))
        WHEN MATCHED AND s.id = 'b' THEN DELETE
        WHEN MATCHED THEN UPDATE SET j = array('y')""");
    var merged = sync(table);
    assertThat(merged.kind()).isEqualTo(Kind.CHANGES);
    assertThat(merged.bad()).isEqualTo(1);
    assertServed("c|good|[\"y\"]");
  }

  @Test
  void anOverwriteIsComparedAlsoWhereRowsAreLeftOut() {
    var table = TABLE.badText(BadText.SKIP);
    insert("'b', %s, array('')".formatted(NUL));
    sync(table);
    delta(
        "INSERT OVERWRITE %s VALUES ('b', 'good', array('')), ('c', 'new', array('')), ('a', "
            + NUL
            + ", array(''))");
    var overwritten = sync(table);
    assertThat(overwritten.kind()).isEqualTo(Kind.CHANGES);
    assertThat(overwritten.bad()).isEqualTo(1);
    assertServed("b|good|[\"\"]", "c|new|[\"\"]");
  }

  @Test
  void whoDecidesAnewGetsTheWholeTable() {
    insert("'b', %s, array('')".formatted(NUL));
    sync(TABLE.badText(BadText.SKIP));
    assertThat(sync(TABLE.badText(BadText.REPLACE)).kind()).isEqualTo(Kind.WHOLE_BAD_TEXT_DECIDED);
    assertServed("a|ä😀|[\"\"]", "b|n\ufffd|[\"\"]");
    assertThat(sync(TABLE.badText(BadText.SKIP)).kind()).isEqualTo(Kind.WHOLE_BAD_TEXT_DECIDED);
    assertServed("a|ä😀|[\"\"]");
  }

  /** What an earlier Kurrentlake noted in Postgres does not say what was done with bad text. */
  @Test
  void aStateWithoutTheDecisionIsOfARunThatRefused() {
    sync(TABLE);
    served.execute("ALTER TABLE kurrentlake.sync_state DROP COLUMN bad_text");
    insert("'b', %s, array('')".formatted(NUL));
    assertThat(sync(TABLE.badText(BadText.SKIP)).kind()).isEqualTo(Kind.CHANGES);
  }

  @Test
  void theTaskSaysOnItsLastLineWhatItLeftOut() {
    insert("'b', %s, array('')".formatted(NUL));
    var job = new SyncJob();
    var settings =
        Settings.parse(
            job.settings(),
            List.of(
                "--catalog=" + directory,
                "--lakebase=" + DATABASE,
                "--source-table=gold.texts",
                "--target-table=app.texts",
                "--primary-key-columns=id",
                "--bad-text=skip"),
            Environment.ofProcess().with(Map.of("LAKEBASE_PASSWORD_FILE", passwordFile())));
    assertThat(job.run(spark, settings, Progress.unwatched()))
        .hasToString(
            "1 events in, 1 rows out; 1 rows left out, since Postgres cannot hold their text,"
                + " such as id=b, column t");
  }

  private static String passwordFile() {
    return ((SecretPlace.InFile) ((PostgresUrl) DATABASE).password()).path();
  }

  private SyncReport sync(SyncedTable table) {
    return LakebaseSync.run(spark, Lakehouse.at(directory), Connections.to(DATABASE), table);
  }

  private void insert(String values) {
    delta("INSERT INTO %s SELECT " + values);
  }

  private void delta(String statement) {
    spark.sql(statement.replace("%s", "delta.`" + path() + "`"));
  }

  private void assertServed(String... rows) {
    assertThat(served.rows("SELECT id, t, j FROM app.texts ORDER BY id")).containsExactly(rows);
  }

  private void assertRefused(SyncedTable table, ErrorCode code, String... parts) {
    assertThatThrownBy(() -> sync(table))
        .isInstanceOfSatisfying(
            KurrentlakeException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e).hasMessageContainingAll(parts);
            });
  }

  private String path() {
    return directory.resolve("gold").resolve("texts").toString();
  }
}
