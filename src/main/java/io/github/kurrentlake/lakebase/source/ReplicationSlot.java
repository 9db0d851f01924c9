package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.Query;
import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.lakebase.schema.Literal;
import io.github.kurrentlake.table.SqlTemplate;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A logical replication slot. It keeps the write-ahead log from its position on, so a slot that
 * nobody reads fills the disk.
 */
record ReplicationSlot(Connections connections, String name, String publication) {
  private static final SqlTemplate STATE =
      SqlTemplate.beside(ReplicationSlot.class, "slot_state.sql");
  private static final SqlTemplate NEXT =
      SqlTemplate.beside(ReplicationSlot.class, "slot_next.sql");
  private static final String APPLICATION = "kurrentlake lakebase slot";

  /** What Postgres says about a slot. */
  private record State(String wal, String confirmed) {}

  /**
   * Makes the slot and gives its position with what had been committed and published then.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-624 when there is one of this name
   *     that another stream made, KL-622 when the table is not published
   */
  Position begin(Connection connection, SlotIntent intent, Position start, PostgresTable table)
      throws SQLException {
    if (state(connection).isPresent()) {
      if (!intent.isNoted()) {
        throw ErrorCode.LAKEBASE_SLOT_TAKEN.error().with("slot", name);
      }
      drop(connection);
    }
    connection.commit();
    intent.note();
    try (var replication =
        connections.open(
            APPLICATION,
            Map.of(
                PGProperty.REPLICATION,
                "database",
                PGProperty.ASSUME_MIN_SERVER_VERSION,
                "9.4",
                PGProperty.PREFER_QUERY_MODE,
                "simple"))) {
      var made =
          replication
              .unwrap(PGConnection.class)
              .getReplicationAPI()
              .createReplicationSlot()
              .logical()
              .withSlotName(name)
              .withOutputPlugin("pgoutput")
              .make();
      // The snapshot is there until the replicating connection does something else.
      var committed = committed(connection, made.getSnapshotName());
      return start.atSlot(
          made.getConsistentPoint().asString(),
          committed,
          Publication.require(connection, publication, table).since());
    }
  }

  private static String committed(Connection connection, String snapshot) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      statement.execute("SET TRANSACTION SNAPSHOT " + Literal.of(snapshot));
    }
    return Query.of(connection, "SELECT pg_current_snapshot()").text();
  }

  /**
   * The slot still tells all that was committed after a position. Its own position is never beyond
   * that of its stream, which alone moves it: one that is was made again or read by somebody else.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-623 when the slot is gone, or has
   *     lost the log that it needs, KL-630 when it tells of later commits only
   */
  void requireTelling(Connection connection, String after) throws SQLException {
    var state = state(connection);
    var log = state.map(State::wal).orElse("no such slot");
    if (state.isEmpty() || log.equals("lost")) {
      throw ErrorCode.LAKEBASE_SLOT_LOST.error().with("slot", name).with("state", log);
    }
    var confirmed = state.get().confirmed();
    if (number(confirmed) > number(after)) {
      throw ErrorCode.LAKEBASE_SLOT_MOVED
          .error()
          .with("slot", name)
          .with("stream has reached", after)
          .with("slot tells from", confirmed);
    }
  }

  /** The end of the last commit of a batch; empty when nothing is new. */
  Optional<String> reached(
      Connection connection, String above, Optional<String> through, long maxChanges)
      throws SQLException {
    var sql =
        NEXT.fill(
            Map.of(
                "slot", Literal.of(name),
                "publication", Literal.of(Identifier.of(publication).sql()),
                "through", through.map(lsn -> Literal.of(lsn) + "::pg_lsn").orElse("NULL"),
                "changes", maxChanges > Integer.MAX_VALUE ? "NULL" : Long.toString(maxChanges),
                "above", Literal.of(above) + "::pg_lsn"));
    return Optional.ofNullable(Query.of(connection, sql).text());
  }

  /** Lets Postgres forget what was read; a position that it has left already changes nothing. */
  void advance(Connection connection, String lsn) throws SQLException {
    var confirmed = state(connection).map(State::confirmed);
    if (confirmed.isPresent() && number(confirmed.get()) < number(lsn)) {
      Query.of(connection, "SELECT pg_replication_slot_advance(?, ?::pg_lsn)", name, lsn).run();
    }
  }

  /** Drops the slot; does nothing when there is none. */
  void drop(Connection connection) throws SQLException {
    Query.of(
            connection,
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                + " WHERE slot_name = ?",
            name)
        .run();
  }

  private Optional<State> state(Connection connection) throws SQLException {
    return Query.of(connection, STATE.fill(Map.of()), name)
        .first(row -> new State(row.getString("wal_status"), row.getString("confirmed")));
  }

  private static long number(String lsn) {
    return LogSequenceNumber.valueOf(lsn).asLong();
  }
}
