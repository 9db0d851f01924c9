package io.github.kurrentlake.lakebase.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.lakebase.sync.SyncReport.Kind;
import io.github.kurrentlake.table.Lakehouse;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Which way a sync takes to the changes, and that each serves what the source holds. */
class CheapestWayTest extends SyncedItems {
  private static final String ITEMS = "SELECT * FROM app.items ORDER BY id, kind";
  private static final String SUM = "SELECT count(*), sum(n) FROM app.items";

  CheapestWayTest() {
    super("id", "kind");
  }

  @Test
  void afterOverwritesOnlyWhatDiffersTravels() {
    make("id BIGINT, kind STRING, m MAP<STRING, INT>, f DOUBLE, b BINARY");
    delta(
        """
        INSERT INTO %s VALUES
          (1, 'a', map('x', 1), 0.5, X'00'), (1, 'A', map('x', 1), 0.5, X'00'),
          (2, 'a', map('x', 1), CAST('NaN' AS DOUBLE), X'01'), (3, 'a', NULL, NULL, NULL),
          (4, 'a', map('x', 1), NULL, NULL), (5, 'a', NULL, 5, NULL)""");
    sync();
    var untouched = "SELECT xmin FROM app.items WHERE id < 3 ORDER BY id, kind";
    var before = served.rows(untouched);

    delta("DELETE FROM %s");
    delta("ALTER TABLE %s ADD COLUMNS (added INT, s STRUCT<x: INT>)");
    delta(
        """
        INSERT OVERWRITE %s VALUES
          (1, 'a', map('x', 1), 0.5, X'00', NULL, NULL),
          (1, 'A', map('x', 1), 0.5, X'00', NULL, NULL),
          (2, 'a', map('x', 1), CAST('NaN' AS DOUBLE), X'01', NULL, NULL),
          (3, 'a', NULL, NULL, NULL, 7, named_struct('x', 8)),
          (4, 'a', map('x', 2), NULL, NULL, NULL, NULL), (6, 'a', NULL, 5, X'FF', NULL, NULL)""");

    // The third and fourth changed, the fifth went, the sixth came.
    assertThat(sync()).isEqualTo(new SyncReport(Kind.CHANGES, 4, 4, 4));
    assertThat(served.rows(ITEMS))
        .containsExactly(
            "1|A|{\"x\": 1}|0.5|\\x00|null|null",
            "1|a|{\"x\": 1}|0.5|\\x00|null|null",
            "2|a|{\"x\": 1}|NaN|\\x01|null|null",
            "3|a|null|null|null|7|{\"x\": 8}",
            "4|a|{\"x\": 2}|null|null|null|null",
            "6|a|null|5|\\xff|null|null");
    assertThat(served.rows(untouched)).isEqualTo(before);

    delta("RESTORE TABLE %s TO VERSION AS OF 3");
    delta("INSERT INTO %s VALUES (9, 'z', NULL, NULL, NULL, NULL, NULL)");
    assertThat(sync()).isEqualTo(new SyncReport(Kind.CHANGES, 6, 7, 7));
    assertThat(served.rows("SELECT id FROM app.items")).containsExactly("9");
  }

  @Test
  void aTableOfWhichMostIsUpdatedIsMadeAnewUnlessThatCostsSomething() throws SQLException {
    makeNumbers(LakebaseSync.MANY_ROWS);
    sync();
    served.execute("CREATE INDEX by_n ON app.items (n)");

    assertThat(updated().kind()).isEqualTo(Kind.WHOLE_MOST_UPDATED);
    assertThat(served.rows("SELECT indexname FROM pg_indexes WHERE schemaname = 'app'"))
        .containsExactlyInAnyOrder("items_pkey", "by_n");

    served.execute("CREATE VIEW app.seen AS " + SUM);
    assertThat(updated().kind()).isEqualTo(Kind.CHANGES);
    assertThat(served.value("SELECT * FROM app.seen")).isEqualTo(served.value(SUM));
    served.execute("DROP VIEW app.seen");
    served.execute("COMMENT ON COLUMN app.items.n IS 'kept'");
    assertThat(updated().kind()).isEqualTo(Kind.CHANGES);
    served.execute("COMMENT ON COLUMN app.items.n IS NULL");
    served.execute("ALTER TABLE app.items SET (autovacuum_enabled = false)");
    assertThat(updated().kind()).isEqualTo(Kind.CHANGES);
    served.execute("ALTER TABLE app.items RESET (autovacuum_enabled)");

    // A long report keeps its table; the sync does not wait for it, and nobody waits for the sync.
    try (var report = new Served(database)) {
      report.execute("BEGIN");
      var rows = report.value(SUM);
      assertThat(updated().kind()).isEqualTo(Kind.CHANGES);
      assertThat(served.value(SUM)).isNotEqualTo(rows);
    }
    assertThat(updated().kind()).isEqualTo(Kind.WHOLE_MOST_UPDATED);
  }

  @Test
  void aTableOfWhichLittleIsUpdatedKeepsItsRows() {
    makeNumbers(3 * LakebaseSync.MANY_ROWS);
    sync();
    delta("UPDATE %s SET n = n + 1 WHERE id < " + LakebaseSync.MANY_ROWS);
    assertThat(sync())
        .isEqualTo(new SyncReport(Kind.CHANGES, 2, LakebaseSync.MANY_ROWS, LakebaseSync.MANY_ROWS));
    assertServed();
  }

  @Test
  void theHistoryOfDeltaTellsWhatItsCommitsDid() {
    makeNumbers(5);
    delta("UPDATE %s SET n = 7 WHERE id > 0");
    delta(
        "MERGE INTO %s t USING (SELECT 1L AS id) s ON t.id = s.id"
            + " WHEN MATCHED THEN UPDATE SET n = 8");
    delta("INSERT INTO %s REPLACE WHERE id = 0 VALUES (0, 'k', 3)");
    assertCommits(1, 4, new SourceCommits(false, 5));
    delta("INSERT OVERWRITE %s SELECT * FROM %<s");
    delta("INSERT INTO %s VALUES (10, 'k', 10)");
    assertCommits(1, 4, new SourceCommits(false, 5));
    assertCommits(1, 6, new SourceCommits(true, 5));
    assertCommits(6, 6, new SourceCommits(false, 0));
    delta("RESTORE TABLE %s TO VERSION AS OF 4");
    // Its change feed holds what it changed.
    assertCommits(7, 7, new SourceCommits(false, 0));
  }

  private void assertCommits(long first, long last, SourceCommits expected) {
    var source = Lakehouse.at(directory).table(table.source());
    assertThat(SourceCommits.between(spark, source, first - 1, last)).isEqualTo(expected);
  }

  private SyncReport updated() {
    delta("UPDATE %s SET n = n + 1");
    var report = sync();
    assertThat(report.written()).isEqualTo(LakebaseSync.MANY_ROWS);
    assertServed();
    return report;
  }

  private void assertServed() {
    var source = spark.sql("SELECT count(*), sum(n) FROM " + sqlName()).head();
    assertThat(served.value(SUM)).isEqualTo(source.get(0) + "|" + source.get(1));
  }

  private void makeNumbers(long rows) {
    make("id BIGINT, kind STRING, n INT");
    delta("INSERT INTO %s SELECT id, 'k', id FROM range(" + rows + ")");
  }
}
