package io.github.kurrentlake.lakebase.sync;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.lakebase.sync.ChangesApply.Applied;
import io.github.kurrentlake.lakebase.sync.SyncReport.Kind;
import io.github.kurrentlake.table.Lakehouse;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes of a single commit, whose rows come over without an order. */
class OneCommitTest extends SyncedItems {
  private static final String ITEMS = "SELECT * FROM app.items ORDER BY id";

  /** Another table of these rows: 2 changes, 3 goes, 4 comes. */
  private static final String OVERWRITE = "INSERT OVERWRITE %s VALUES (1, 'a'), (2, 'B'), (4, 'd')";

  OneCommitTest() {
    super("id");
  }

  @BeforeEach
  void threeRows() {
    make("id BIGINT, name STRING");
    delta("INSERT INTO %s VALUES (1, 'a'), (2, 'b'), (3, 'c')");
    sync();
  }

  @Test
  void keysThatGoAndComeInACommitAreUpdated() {
    delta(OVERWRITE);
    assertThat(sync()).isEqualTo(new SyncReport(Kind.CHANGES, 2, 3, 3));
    assertThat(served.rows(ITEMS)).containsExactly("1|a", "2|B", "4|d");

    delta("INSERT INTO %s REPLACE WHERE id > 1 VALUES (4, 'D'), (5, 'e')");
    assertThat(sync()).isEqualTo(new SyncReport(Kind.CHANGES, 3, 3, 3));
    assertThat(served.rows(ITEMS)).containsExactly("1|a", "4|D", "5|e");
  }

  @Test
  void keysCanChangeIntoOneAnother() {
    delta("UPDATE %s SET id = id + 1");
    assertThat(sync()).isEqualTo(new SyncReport(Kind.CHANGES, 2, 4, 4));
    assertThat(served.rows(ITEMS)).containsExactly("2|a", "3|b", "4|c");

    delta("UPDATE %s SET id = 6 - id WHERE id <> 3");
    assertThat(sync()).isEqualTo(new SyncReport(Kind.CHANGES, 3, 2, 2));
    assertThat(served.rows(ITEMS)).containsExactly("2|c", "3|b", "4|a");
  }

  @Test
  void aMergeUpdatesInsertsAndDeletes() {
    delta(
        """
        MERGE INTO %s t USING (SELECT id, concat('new ', id) AS name FROM range(1, 6)) s
        ON t.id = s.id
        WHEN MATCHED AND t.id = 1 THEN DELETE
        WHEN MATCHED AND t.id = 2 THEN UPDATE SET name = t.name
        WHEN MATCHED THEN UPDATE SET name = s.name
        WHEN NOT MATCHED THEN INSERT *""");
    assertThat(sync()).isEqualTo(new SyncReport(Kind.CHANGES, 2, 5, 4));
    assertThat(served.rows(ITEMS)).containsExactly("2|b", "3|new 3", "4|new 4", "5|new 5");
  }

  @Test
  void aDoubledKeyIsRefusedHoweverItCameToBe() {
    refused("INSERT INTO %s VALUES (3, 'again')");
    refused("INSERT INTO %s VALUES (9, 'x'), (9, 'y')");
    refused("INSERT OVERWRITE %s VALUES (1, 'a'), (1, 'b')");
    refused("INSERT OVERWRITE %s VALUES (1, 'a'), (1, 'a'), (2, 'b'), (3, 'c')");
    refused("UPDATE %s SET id = 3 WHERE id = 2");
    refused("UPDATE %s SET id = 7");
    refused(
        "MERGE INTO %s t USING (SELECT 1L AS id) s ON t.id = s.id"
            + " WHEN MATCHED THEN UPDATE SET name = 'A'"
            + " WHEN NOT MATCHED BY SOURCE THEN UPDATE SET id = 1");
  }

  @Test
  void ofAKeyThatWasDoubledForAWhileTheRowThatStayedIsServed() {
    delta("INSERT INTO %s VALUES (3, 'later')");
    delta("DELETE FROM %s WHERE name = 'later'");
    assertThat(sync()).isEqualTo(new SyncReport(Kind.WHOLE_KEY_WAS_DOUBLED, 3, 3, 3));
    assertThat(served.rows(ITEMS)).containsExactly("1|a", "2|b", "3|c");

    delta("INSERT INTO %s VALUES (3, 'later'), (4, 'd')");
    delta("DELETE FROM %s WHERE name IN ('c', 'd')");
    assertThat(sync().kind()).isEqualTo(Kind.WHOLE_KEY_WAS_DOUBLED);
    assertThat(served.rows(ITEMS)).containsExactly("1|a", "2|b", "3|later");
  }

  @Test
  void aChangeDoesNotDependOnWhereItsRowsAre() throws SQLException {
    delta(OVERWRITE);
    assertThat(applied(col("net"), 1)).isEqualTo(new Applied(4, 3));
    assertThat(served.rows(ITEMS)).containsExactly("1|a", "2|B", "4|d");

    delta("UPDATE %s SET name = upper(name), id = IF(id = 4, 5, id)");
    // What came before what went, so that nothing stands beside each other.
    assertThat(applied(col("net").desc(), 1)).isEqualTo(new Applied(4, 3));
    assertThat(served.rows(ITEMS)).containsExactly("1|A", "2|B", "5|D");
  }

  @Test
  void changesOfATaskThatRanTwiceAreThereOnce() throws SQLException {
    delta(OVERWRITE);
    assertThat(applied(col("net"), 2)).isEqualTo(new Applied(4, 3));
    assertThat(served.rows(ITEMS)).containsExactly("1|a", "2|B", "4|d");
  }

  @Test
  void aRowThatGoesDirectlyBeforeItsSuccessorDoesNotTravel() {
    var feed =
        List.of(
            change("1", true, -1L),
            change("1", false, 1L),
            change("2", true, -1L),
            change("3", true, -1L),
            change("3", false, 1L),
            change("2", false, 1L),
            change("4", true, -1L));
    var left = new ArrayList<String>();
    new ChangedRows(feed.iterator(), 1)
        .forEachRemaining(
            row -> left.add(new String(row.getAs(0), US_ASCII) + " " + ChangedRows.net(row)));
    assertThat(left).containsExactly("1 0", "2 -1", "3 0", "2 1", "4 -1");
  }

  private static Row change(String key, boolean gone, long net) {
    return RowFactory.create(key.getBytes(US_ASCII), gone, net);
  }

  /** Applies the newest commit from rows in another order, copied several times. */
  private Applied applied(Column order, int copies) throws SQLException {
    var source = SourceTable.open(spark, Lakehouse.at(directory), table);
    var columns = source.columns(table);
    var rows =
        source
            .changes(table, columns, source.version() - 1, new SourceCommits(false, 0))
            .rows()
            .toDF("id", "name", "gone", "net")
            .coalesce(1)
            .sortWithinPartitions(order);
    try (var connection = SyncConnection.lock(connections, table.target())) {
      var apply = ChangesApply.prepared(table, columns, connection);
      apply.staging().create(connection, Staging.Fate.UNLOGGED);
      var copied = apply.staging().copy(rows, database);
      for (var copy = 1; copy < copies; copy++) {
        apply.staging().copy(rows, database);
      }
      var applied = new Applied[1];
      connection.inTransaction(
          () -> {
            apply.staging().settle(connection, copied.rows());
            applied[0] = apply.apply(TargetTable.read(connection), copied);
          },
          new SyncState(source.name(), source.id(), source.version(), BadText.REFUSE, "test"));
      return applied[0];
    }
  }

  private void refused(String change) {
    delta(change);
    assertThatThrownBy(this::sync)
        .as(change)
        .isInstanceOfSatisfying(
            KurrentlakeException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DUPLICATE_KEY));
    assertThat(served.rows(ITEMS)).containsExactly("1|a", "2|b", "3|c");
    // The next change stands alone again.
    delta("INSERT OVERWRITE %s VALUES (1, 'a'), (2, 'b'), (3, 'c')");
    assertThat(sync().version()).isPositive();
    assertThat(served.rows(ITEMS)).containsExactly("1|a", "2|b", "3|c");
  }
}
