package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.lakebase.connect.PostgresErrors;
import io.github.kurrentlake.lakebase.connect.SqlState;
import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.table.SqlTemplate;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * Puts a new table in the place of the synced one. Indexes and the privileges of other roles come
 * along; triggers, row security and comments do not, and a view that reads the old table forbids
 * the swap. Readers wait for the last statements of the transaction only.
 *
 * @param staging a table of its own with all rows, which becomes the synced one
 */
record TableSwap(Staging staging, SyncConnection connection) {
  private static final String INDEXES =
      SqlTemplate.beside(TableSwap.class, "target_indexes.sql").fill(Map.of());
  private static final String GRANTS =
      SqlTemplate.beside(TableSwap.class, "target_grants.sql").fill(Map.of());
  private static final String REPLACEABLE =
      SqlTemplate.beside(TableSwap.class, "target_replaceable.sql").fill(Map.of());
  private static final String HOLDERS =
      SqlTemplate.beside(TableSwap.class, "target_holders.sql").fill(Map.of());
  private static final int MOST_BYTES = 63;

  private record Index(Identifier name, String kind, String definition) {}

  /**
   * Whether more than half of the synced table is to be updated, by Postgres' estimate of its rows,
   * and nothing hangs on it that would not come along.
   */
  static boolean isCheaper(SyncConnection connection, long updated) throws SQLException {
    return connection
        .ofTarget(REPLACEABLE)
        .first(row -> row.getBoolean("is_free") && 2 * updated > row.getLong("row_count"))
        .orElse(false);
  }

  /**
   * Asks before anything is copied whether the swap is possible.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-649 with the views and foreign keys
   *     that forbid it
   */
  static void requireFree(SyncConnection connection) throws SQLException {
    var holders = connection.ofTarget(HOLDERS).texts();
    if (!holders.isEmpty()) {
      throw held(connection).with("held by", String.join(", ", holders));
    }
  }

  private static KurrentlakeException held(SyncConnection connection) {
    return ErrorCode.TARGET_HELD.error().with("table", connection.target());
  }

  /** All but the commit. The key and the indexes are made before the old table is locked. */
  void swap() throws SQLException {
    var target = connection.target();
    var made = staging.name();
    var key = Identifier.of(made.table().name() + "_key");
    connection.execute(
        "ALTER TABLE %s ADD CONSTRAINT %s PRIMARY KEY (%s)"
            .formatted(made.sql(), key.sql(), staging.columns().keyNames()));
    var indexes = indexes();
    for (var i = 0; i < indexes.size(); i++) {
      var index = indexes.get(i);
      connection.execute(
          "%s%s ON %s%s"
              .formatted(index.kind(), numbered(i).sql(), made.sql(), index.definition()));
    }
    for (var grant : grants()) {
      connection.execute(grant);
    }
    try {
      connection.execute("DROP TABLE IF EXISTS " + target.sql());
    } catch (SQLException e) {
      if (SqlState.of(e).equals(SqlState.DEPENDENTS)) {
        // It came since the run began, or is neither a view nor a foreign key.
        throw held(connection).with("held by", PostgresErrors.dependents(e)).causedBy(e);
      }
      throw e;
    }
    connection.execute("ALTER TABLE %s SET SCHEMA %s".formatted(made.sql(), target.schema().sql()));
    rename("TABLE", made.table(), target.table());
    rename("INDEX", key, keyName(target));
    for (var i = 0; i < indexes.size(); i++) {
      rename("INDEX", numbered(i), indexes.get(i).name());
    }
  }

  private void rename(String what, Identifier from, Identifier to) throws SQLException {
    var moved = new TableName(connection.target().schema(), from);
    connection.execute("ALTER %s %s RENAME TO %s".formatted(what, moved.sql(), to.sql()));
  }

  private Identifier numbered(int index) {
    return Identifier.of(staging.name().table().name() + "_" + index);
  }

  /** As Postgres itself would call it; a long table's name is cut. */
  private static Identifier keyName(TableName target) {
    var name = target.table().name();
    while ((name + "_pkey").getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      name = name.substring(0, name.offsetByCodePoints(name.length(), -1));
    }
    return Identifier.of(name + "_pkey");
  }

  private List<Index> indexes() throws SQLException {
    return connection
        .ofTarget(INDEXES)
        .list(
            row ->
                new Index(
                    Identifier.of(row.getString("name")),
                    row.getString("kind"),
                    row.getString("definition")));
  }

  private List<String> grants() throws SQLException {
    return connection
        .ofTarget(GRANTS)
        .list(
            row ->
                "GRANT %s ON %s TO %s%s"
                    .formatted(
                        row.getString("privilege"),
                        staging.name().sql(),
                        row.getString("role"),
                        row.getString("with_option")));
  }
}
