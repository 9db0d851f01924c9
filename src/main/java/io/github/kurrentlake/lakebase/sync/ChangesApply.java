package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.table.SqlTemplate;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Brings staged changes into the synced table: keys that are gone are deleted, the others inserted
 * or updated, and rows that are the same already are left alone.
 */
record ChangesApply(Staging staging, Identifier gone, Identifier net, SyncConnection connection) {
  private static final SqlTemplate DOUBLED_KEYS =
      SqlTemplate.beside(ChangesApply.class, "doubled_keys.sql");
  private static final SqlTemplate DELETE =
      SqlTemplate.beside(ChangesApply.class, "delete_gone.sql");
  private static final SqlTemplate UPDATE =
      SqlTemplate.beside(ChangesApply.class, "update_changed.sql");
  private static final SqlTemplate INSERT =
      SqlTemplate.beside(ChangesApply.class, "insert_new.sql");

  static ChangesApply prepared(
      SyncedTable table, SyncedColumns columns, SyncConnection connection) {
    var gone = columns.unused("sync_gone");
    var net = columns.unused("sync_net");
    var extra =
        List.of(new Staging.Extra(gone.sql(), "boolean"), new Staging.Extra(net.sql(), "bigint"));
    return new ChangesApply(Staging.named(table, columns, extra), gone, net, connection);
  }

  /**
   * All but the commit.
   *
   * @return how many rows were written
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-643 when the source has a key twice
   */
  long apply(TargetTable found) throws SQLException {
    var target = connection.target();
    var columns = staging.columns();
    for (var column : found.lacking(columns)) {
      connection.execute(
          "ALTER TABLE %s ADD COLUMN %s %s"
              .formatted(target.sql(), column.sql(), column.postgresType()));
    }
    var values = new HashMap<String, String>();
    values.put("target", target.sql());
    values.put("staging", staging.name().sql());
    values.put("columns", columns.names());
    values.put("staged", SyncedColumns.names(columns.all(), "s."));
    values.put("same", columns.sameKey("t", "s"));
    values.put("gone", gone.sql());
    values.put("net", net.sql());
    values.put("sets", sets(columns));
    values.put("old", SyncedColumns.names(columns.others(), "t."));
    values.put("new", SyncedColumns.names(columns.others(), "s."));
    if (connection.number(DOUBLED_KEYS.fill(values)) > 0) {
      throw staging.doubledKey(target);
    }
    var written = connection.update(DELETE.fill(values));
    if (!columns.others().isEmpty()) {
      written += connection.update(UPDATE.fill(values));
    }
    written += connection.update(INSERT.fill(values));
    connection.execute("DROP TABLE " + staging.name().sql());
    return written;
  }

  private static String sets(SyncedColumns columns) {
    return columns.others().stream()
        .map(column -> column.sql() + " = s." + column.sql())
        .collect(Collectors.joining(", "));
  }
}
