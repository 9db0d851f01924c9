package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.table.SqlTemplate;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * What Postgres remembers of a synced table.
 *
 * @param source the Delta table's name in the lakehouse
 * @param sourceId Delta's id of the table, another one for a table that was made again
 * @param version the Delta version that the rows are
 * @param badText what was done with bad text
 * @param runId the run that wrote them, by which an unknown outcome of a commit is found out
 */
record SyncState(String source, String sourceId, long version, BadText badText, String runId) {
  private static final String TABLE =
      SqlTemplate.beside(SyncState.class, "sync_state.sql").fill(Map.of());
  private static final String IS_THERE =
      "SELECT EXISTS (SELECT FROM pg_attribute"
          + " WHERE attrelid = to_regclass('kurrentlake.sync_state') AND attname = 'bad_text')";
  private static final String NOTE =
      SqlTemplate.beside(SyncState.class, "note_state.sql").fill(Map.of());
  private static final String READ =
      "SELECT source, source_id, delta_version, bad_text, run_id FROM kurrentlake.sync_state"
          + " WHERE target = ?";

  /** Makes the table of states unless it is there; runs that do so at once wait for each other. */
  static void ensureTable(SyncConnection connection) throws SQLException {
    if (connection.holds(IS_THERE)) {
      return;
    }
    connection.inTransaction(
        () -> {
          connection.execute("SELECT pg_advisory_xact_lock(hashtext('kurrentlake.sync_state'))");
          connection.execute(TABLE);
        });
  }

  static Optional<SyncState> read(SyncConnection connection) throws SQLException {
    return connection
        .query(READ, connection.target().sql())
        .first(
            row ->
                new SyncState(
                    row.getString("source"),
                    row.getString("source_id"),
                    row.getLong("delta_version"),
                    BadText.valueOf(row.getString("bad_text")),
                    row.getString("run_id")));
  }

  void note(SyncConnection connection) throws SQLException {
    connection
        .query(NOTE, connection.target().sql(), source, sourceId, version, badText, runId)
        .run();
  }
}
