package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.lakebase.schema.Literal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Mode SLOT: first the rows that had been committed when the slot began, then every change that the
 * slot tells since, by whole transactions. A row that is changed while the first load runs is not
 * in it, and begins with that change.
 */
final class SlotExtraction implements Extraction {
  private final PostgresTable table;
  private final ReplicationSlot slot;
  private final SlotIntent intent;

  SlotExtraction(PostgresTable table, ReplicationSlot slot, SlotIntent intent) {
    this.table = table;
    this.slot = slot;
    this.intent = intent;
  }

  /** Everything that is safe on disk; what it holds of this table, the slot tells. */
  @Override
  public Position furthest(Connection connection, ClusterState now, Position from) {
    return from.at(now.wal());
  }

  @Override
  public Position next(
      Connection connection,
      ClusterState now,
      Position from,
      Optional<Position> bound,
      long maxRows)
      throws SQLException {
    if (from.isStart()) {
      return slot.begin(connection, intent, from, table);
    }
    slot.requireTelling(connection, from.reached());
    var since =
        Publication.requireUnchanged(connection, slot.publication(), table, from.publication());
    slot.advance(connection, from.reached());
    return slot.reached(connection, from.reached(), bound.map(Position::reached), maxRows)
        .map(commit -> from.atCommit(commit, since))
        .orElse(from);
  }

  @Override
  public boolean isAhead(Position position, ClusterState now) {
    return LogSequenceNumber.valueOf(position.reached()).asLong()
        > LogSequenceNumber.valueOf(now.wal()).asLong();
  }

  @Override
  public ReadWork between(List<PostgresColumn> columns, Position from, Position to) {
    if (from.isStart()) {
      return load(
          columns,
          " WHERE pg_visible_in_snapshot(x.xid::text::xid8, %s::pg_snapshot)"
              .formatted(Literal.of(to.snapshot())));
    }
    return new ReadWork.Changes(
        slot.name(), slot.publication(), to.publication(), from.reached(), to.reached());
  }

  @Override
  public ReadWork everything(List<PostgresColumn> columns) {
    return load(columns, "");
  }

  private ReadWork load(List<PostgresColumn> columns, String condition) {
    return new ReadWork.Rows(
        XidExtraction.byXmin(table, Deletes.IGNORED).all(columns, condition),
        columns,
        ReadWork.Order.FIRST_LOAD,
        ColumnType.of(ColumnType.Kind.LONG),
        ChangeType.INSERT);
  }
}
