package io.github.kurrentlake.source;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.vectorized.ArrowColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Reads a range and hands the server's Arrow batches to Spark as they are. A batch lives until the
 * next is asked for, so the memory of a task does not grow with its range.
 */
final class RangeReader implements PartitionReader<ColumnarBatch> {
  /** A batch has up to 2048 records, and the client fetches a few ahead. */
  private static final long MEMORY = 1L << 30;

  private final RangePartition partition;
  private final Connection connection;
  private final Connection.Rows rows;
  private ColumnarBatch batch;

  private RangeReader(RangePartition partition) {
    this.partition = partition;
    this.connection = partition.kurrentdb().connect(MEMORY);
    try {
      this.rows = connection.query(partition.sql());
    } catch (RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  static final class Factory implements PartitionReaderFactory {

    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      throw new UnsupportedOperationException("kdb.records is read by columns");
    }

    @Override
    public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
      return new RangeReader((RangePartition) partition);
    }

    @Override
    public boolean supportColumnarReads(InputPartition partition) {
      return true;
    }
  }

  @Override
  public boolean next() {
    if (!rows.next()) {
      return false;
    }
    var root = rows.batch();
    if (batch == null) {
      // The driver loads every batch into the same vectors, so they are wrapped once.
      var vectors =
          partition.columns().stream()
              .map(column -> new ArrowColumnVector(root.getVector(column.column())))
              .toArray(ColumnVector[]::new);
      batch = new ColumnarBatch(vectors);
    }
    batch.setNumRows(root.getRowCount());
    return true;
  }

  @Override
  public ColumnarBatch get() {
    return batch;
  }

  @Override
  public void close() {
    try (connection) {
      rows.close();
    }
  }
}
