package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.table.SqlTemplate;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * Brings staged changes into the synced table: keys that are gone are deleted, the others inserted
 * or updated, and rows that are the same already are left alone.
 */
record ChangesApply(Staging staging, Identifier gone, Identifier net, SyncConnection connection) {
  private static final SqlTemplate DOUBLED_KEYS =
      SqlTemplate.beside(ChangesApply.class, "doubled_keys.sql");
  private static final SqlTemplate DELETE =
      SqlTemplate.beside(ChangesApply.class, "delete_gone.sql");
  private static final SqlTemplate UPSERT = SqlTemplate.beside(ChangesApply.class, "upsert.sql");

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
    var values =
        Map.of(
            "target", target.sql(),
            "staging", staging.name().sql(),
            "columns", columns.names(),
            "key", columns.keyNames(),
            "same", columns.sameKey("t", "s"),
            "gone", gone.sql(),
            "net", net.sql(),
            "update", update(columns));
    if (connection.number(DOUBLED_KEYS.fill(values)) > 0) {
      throw staging.doubledKey(target);
    }
    var written = connection.update(DELETE.fill(values)) + connection.update(UPSERT.fill(values));
    connection.execute("DROP TABLE " + staging.name().sql());
    return written;
  }

  private static String update(SyncedColumns columns) {
    var others = columns.others();
    if (others.isEmpty()) {
      return "NOTHING";
    }
    var sets = others.stream().map(column -> column.sql() + " = excluded." + column.sql()).toList();
    return "UPDATE SET %s\nWHERE ROW(%s) IS DISTINCT FROM ROW(%s)"
        .formatted(
            String.join(", ", sets),
            SyncedColumns.names(others, "t."),
            SyncedColumns.names(others, "excluded."));
  }
}
