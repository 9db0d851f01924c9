package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Reads rows of the table in one statement and so in one snapshot. One row is in memory at a time,
 * and its texts are never decoded: Postgres and Spark both keep UTF-8.
 */
final class RowReader implements PartitionReader<InternalRow> {
  private final ReadWork.Rows work;
  private final ReadSession session;
  private final CopyTuples tuples;
  private final UnsafeRowWriter writer;
  private final ChangeColumnWriter stamp;
  private final ColumnType[] types;
  private final int[] places;
  private final UTF8String changeType;
  private final long readAt = ReadPartition.micros(Instant.now());
  private UnsafeRow row;

  RowReader(ReadPartition partition, ReadWork.Rows work) {
    this.work = work;
    this.types = work.columns().stream().map(PostgresColumn::type).toArray(ColumnType[]::new);
    this.places = work.columns().stream().mapToInt(partition::place).toArray();
    this.writer = new UnsafeRowWriter(partition.output().size());
    this.stamp = new ChangeColumnWriter(partition);
    this.changeType = UTF8String.fromString(work.changeType());
    this.session = ReadSession.open(Connections.to(partition.login()));
    try {
      session.run(
          connection -> {
            requireSame(connection, partition.table());
            return null;
          });
      this.tuples = new CopyTuples(session.copy(work.select()));
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** Locks the table against changes of its columns, and then looks whether it had one. */
  private static void requireSame(Connection connection, PostgresTable planned)
      throws SQLException {
    Query.of(connection, "SELECT FROM " + planned.sql() + " LIMIT 0").run();
    var names = planned.key().stream().map(PostgresColumn::name).toList();
    if (!PostgresTable.read(connection, planned.name(), names)
        .columns()
        .equals(planned.columns())) {
      throw ErrorCode.LAKEBASE_TABLE_CHANGED.error().with("table", planned.name());
    }
  }

  @Override
  public boolean next() {
    return session.run(
        connection -> {
          if (!tuples.nextRow()) {
            return false;
          }
          read();
          return true;
        });
  }

  private void read() throws SQLException {
    writer.reset();
    writer.zeroOutNullBytes();
    for (var column = 0; column < types.length; column++) {
      var length = tuples.nextField();
      if (length < 0) {
        writer.setNullAt(places[column]);
      } else {
        BinaryValues.write(
            types[column], tuples.bytes(), tuples.offset(), length, writer, places[column]);
      }
    }
    tuples.nextField();
    var number = BinaryValues.number(work.orderType(), tuples.bytes(), tuples.offset());
    tuples.nextField();
    var deleted = tuples.bytes()[tuples.offset()] != 0;
    stamp.write(
        writer,
        deleted ? UTF8String.fromString(ChangeType.DELETE) : changeType,
        work.order() == ReadWork.Order.CURSOR ? null : (Long) number,
        null,
        work.order() == ReadWork.Order.FIRST_LOAD ? 0 : number,
        readAt);
    row = writer.getRow();
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
