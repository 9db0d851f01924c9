package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.table.SqlTemplate;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Brings staged changes into the synced table: keys that are gone are deleted, the others inserted
 * or updated, and rows that are the same already are left alone.
 */
record ChangesApply(Staging staging, ChangeMarks marks, SyncConnection connection) {
  private static final SqlTemplate DOUBLED_KEYS =
      SqlTemplate.beside(ChangesApply.class, "doubled_keys.sql");
  private static final SqlTemplate DOUBLED_MEANWHILE =
      SqlTemplate.beside(ChangesApply.class, "doubled_meanwhile.sql");
  private static final SqlTemplate REPLACED_KEYS =
      SqlTemplate.beside(ChangesApply.class, "replaced_keys.sql");
  private static final SqlTemplate DELETE =
      SqlTemplate.beside(ChangesApply.class, "delete_gone.sql");
  private static final SqlTemplate UPDATE =
      SqlTemplate.beside(ChangesApply.class, "update_changed.sql");
  private static final SqlTemplate INSERT =
      SqlTemplate.beside(ChangesApply.class, "insert_new.sql");

  /** Of a key that was in the source twice for a while the changes cannot tell which row stayed. */
  static final class DoubledMeanwhile extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /**
   * What was done.
   *
   * @param keys that changed
   * @param written rows that were inserted, updated or deleted
   */
  record Applied(long keys, long written) {}

  static ChangesApply prepared(
      SyncedTable table, SyncedColumns columns, SyncConnection connection) {
    var marks = ChangeMarks.beside(columns);
    return new ChangesApply(Staging.ofChanges(table, columns, marks), marks, connection);
  }

  /**
   * All but the commit. Statements that have nothing to do by the number of rows are left out.
   *
   * @param copied what lies in the staging table
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-643 when the source has a key twice
   * @throws DoubledMeanwhile when it had one twice at a version between
   */
  Applied apply(TargetTable found, Copied copied) throws SQLException {
    var columns = staging.columns();
    for (var column : found.lacking(columns)) {
      connection.execute(
          "ALTER TABLE %s ADD COLUMN %s %s"
              .formatted(connection.target().sql(), column.sql(), column.postgresType()));
    }
    var values = values(columns);
    if (copied.inserted() > 0 && connection.number(DOUBLED_KEYS.fill(values)) > 0) {
      throw staging.doubledKey(connection.target());
    }
    if (copied.deleted() + copied.left() > 0 && connection.holds(DOUBLED_MEANWHILE.fill(values))) {
      throw new DoubledMeanwhile();
    }
    var replaced = 0L;
    if (copied.inserted() > 0 && copied.deleted() > 0) {
      replaced = connection.update(REPLACED_KEYS.fill(values));
    }
    var written = 0L;
    if (copied.deleted() + copied.left() > replaced) {
      written += connection.update(DELETE.fill(values));
    }
    if (copied.updated() + replaced > 0 && !columns.others().isEmpty()) {
      written += connection.update(UPDATE.fill(values));
    }
    // The earlier row of a key that is updated may have been left out.
    if (copied.inserted() > replaced || staging.table().badText() == BadText.SKIP) {
      written += connection.update(INSERT.fill(values));
    }
    connection.execute("DROP TABLE " + staging.name().sql());
    return new Applied(copied.rows() - replaced, written);
  }

  private Map<String, String> values(SyncedColumns columns) {
    var values = new HashMap<String, String>();
    values.put("target", connection.target().sql());
    values.put("staging", staging.name().sql());
    values.put("columns", columns.names());
    values.put("key", columns.keyNames());
    values.put("staged", SyncedColumns.names(columns.all(), "s."));
    values.put("same", columns.sameKey("t", "s"));
    values.put("came", columns.sameKey("c", "s"));
    values.put("deleted", marks.deleted().sql());
    values.put("net", marks.net().sql());
    values.put("sets", sets(columns));
    values.put("old", SyncedColumns.names(columns.others(), "t."));
    values.put("new", SyncedColumns.names(columns.others(), "s."));
    return values;
  }

  private static String sets(SyncedColumns columns) {
    return columns.others().stream()
        .map(column -> column.sql() + " = s." + column.sql())
        .collect(Collectors.joining(", "));
  }
}
