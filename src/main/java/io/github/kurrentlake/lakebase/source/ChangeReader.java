package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.lakebase.schema.Literal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.unsafe.types.UTF8String;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Reads the changes of one table between two commits, without moving the slot: a batch that is
 * repeated reads the same, and one from which somebody has taken something fails. Every change is a
 * row with the LSN of its own, which ascends for a key, since who changes a row waits for whom
 * changed it before.
 */
final class ChangeReader implements PartitionReader<InternalRow> {
  private final ReadPartition partition;
  private final ReadWork.Changes work;
  private final ReplicationSlot slot;
  private final ReadSession session;
  private final CopyTuples tuples;
  private final UnsafeRowWriter writer;
  private final ChangeColumnWriter stamp;
  private final long above;
  private final long through;
  private final long nextTransaction;
  private final Map<Integer, LoggedTable> tables = new HashMap<>();
  private final ArrayDeque<Change> waiting = new ArrayDeque<>(2);
  private LogMessages.Begin transaction;
  private UnsafeRow row;

  /** A row to hand on. */
  private record Change(
      String type,
      LogMessages.Tuple values,
      LogMessages.Tuple old,
      LoggedTable columns,
      long lsn) {}

  ChangeReader(ReadPartition partition, ReadWork.Changes work) {
    this.partition = partition;
    this.work = work;
    var connections = Connections.to(partition.login());
    this.slot = new ReplicationSlot(connections, work.slot(), work.publication());
    this.writer = new UnsafeRowWriter(partition.output().size());
    this.stamp = new ChangeColumnWriter(partition);
    this.above = LogSequenceNumber.valueOf(work.above()).asLong();
    this.through = LogSequenceNumber.valueOf(work.through()).asLong();
    this.session = ReadSession.open(connections);
    try {
      session.run(this::requireWhole);
      this.nextTransaction = session.run(ClusterState::of).nextTransaction();
      this.tuples =
          new CopyTuples(
              session.copy(
                  ("SELECT lsn, data FROM pg_logical_slot_peek_binary_changes(%s, %s, NULL,"
                          + " 'proto_version', '1', 'publication_names', %s)")
                      .formatted(
                          Literal.of(work.slot()),
                          Literal.of(work.through()) + "::pg_lsn",
                          Literal.of(Identifier.of(work.publication()).sql()))));
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  @Override
  public boolean next() {
    return session.run(
        connection -> {
          while (waiting.isEmpty() && tuples.nextRow()) {
            tuples.nextField();
            var lsn = NetworkOrder.longAt(tuples.bytes(), tuples.offset());
            tuples.nextField();
            read(new LogMessages(tuples.bytes(), tuples.offset()), lsn);
          }
          if (waiting.isEmpty()) {
            requireWhole(connection);
            return false;
          }
          write(waiting.poll());
          return true;
        });
  }

  /**
   * Before the slot is read, for the reason of a failure, and behind its end: anyone who moved the
   * slot or changed the publication meanwhile has taken something out of what was read.
   */
  private Void requireWhole(Connection connection) throws SQLException {
    slot.requireTelling(connection, work.above());
    Publication.requireUnchanged(connection, work.publication(), partition.table(), work.since());
    return null;
  }

  private void read(LogMessages message, long lsn) {
    var kind = message.kind();
    switch (kind) {
      case 'B' -> transaction = message.begin();
      case 'R' -> {
        var relation = message.relation();
        tables.put(relation.id(), LoggedTable.of(partition, relation));
      }
      case 'I', 'U', 'D' -> {
        var columns = tables.get(message.relationId());
        if (columns.isWanted() && isWanted(transaction)) {
          columns.requireKnown();
          change(kind, message, columns, lsn);
        }
      }
      case 'T' -> truncated(message);
      default -> {
        // Commits, types, origins and messages of applications say nothing of rows.
      }
    }
  }

  /** Commits that an earlier batch read, when it died before the slot was moved. */
  private boolean isWanted(LogMessages.Begin begun) {
    return begun.commit() >= above && begun.commit() < through;
  }

  private void change(char kind, LogMessages message, LoggedTable columns, long lsn) {
    var tupleKind = message.kind();
    LogMessages.Tuple old = null;
    if (kind != 'I' && tupleKind != 'N') {
      old = message.tuple();
      tupleKind = kind == 'U' ? message.kind() : 'D';
    }
    if (kind != 'I') {
      columns.requireKey();
    }
    if (kind == 'D') {
      waiting.add(new Change(ChangeType.DELETE, old, null, columns, lsn));
      return;
    }
    var values = message.tuple();
    if (old != null && columns.isOtherKey(old, values)) {
      waiting.add(new Change(ChangeType.DELETE, old, null, columns, lsn));
    }
    waiting.add(
        new Change(kind == 'I' ? ChangeType.INSERT : ChangeType.UPDATE, values, old, columns, lsn));
  }

  private void truncated(LogMessages message) {
    var count = message.relationId();
    message.kind();
    for (var table = 0; table < count; table++) {
      if (tables.get(message.relationId()).isWanted() && isWanted(transaction)) {
        throw ErrorCode.LAKEBASE_TRUNCATED.error().with("table", partition.table().name());
      }
    }
  }

  private void write(Change change) throws SQLException {
    writer.reset();
    writer.zeroOutNullBytes();
    if (change.type().equals(ChangeType.DELETE)) {
      change.columns().writeKey(writer, change.values());
    } else {
      change.columns().writeRow(writer, change.values(), change.old());
    }
    stamp.write(
        writer,
        UTF8String.fromString(change.type()),
        wholeXid(transaction.xid()),
        UTF8String.fromString(LogSequenceNumber.valueOf(change.lsn()).asString()),
        change.lsn(),
        Times.unboundedMicros(transaction.postgresMicros()));
    row = writer.getRow();
  }

  /** A transaction of the log is an earlier one than the next. */
  private long wholeXid(long low) {
    var epoch = nextTransaction >> 32;
    return ((low > (nextTransaction & 0xffffffffL) ? epoch - 1 : epoch) << 32) | low;
  }

  @Override
  public InternalRow get() {
    return row;
  }

  @Override
  public void close() {
    session.close();
  }
}
