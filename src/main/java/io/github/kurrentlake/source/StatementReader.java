package io.github.kurrentlake.source;

import io.github.kurrentlake.error.KurrentlakeException;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Reads the answer to one statement. Its rows have no position to go on from, so it is asked again
 * only until its first batch has been handed on; later the task fails and Spark repeats it.
 */
final class StatementReader implements PartitionReader<ColumnarBatch> {
  private final StatementPartition partition;
  private final Connection connection;
  private final Retries retries;
  private Connection.Rows rows;
  private ColumnarBatch batch;

  StatementReader(StatementPartition partition) {
    this.partition = partition;
    this.connection = partition.kurrentdb().connect(partition.memory(), partition.policy());
    this.retries = new Retries(partition.policy(), connection.counters());
  }

  @Override
  public boolean next() {
    while (true) {
      try {
        return advance();
      } catch (KurrentlakeException e) {
        if (batch != null) {
          throw e;
        }
        closeRows();
        retries.await(e);
      }
    }
  }

  private boolean advance() {
    if (rows == null) {
      rows = connection.query(partition.sql());
    }
    if (!rows.next()) {
      return false;
    }
    var root = rows.batch();
    if (batch == null) {
      batch = Columns.wrap(root, partition.columns());
    }
    batch.setNumRows(root.getRowCount());
    connection.counters().arrived(0, Columns.bytes(root));
    return true;
  }

  @Override
  public ColumnarBatch get() {
    return batch;
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    return ReadMetrics.of(connection.counters());
  }

  private void closeRows() {
    if (rows != null) {
      rows.close();
      rows = null;
    }
  }

  @Override
  public void close() {
    try (connection) {
      closeRows();
    }
  }
}
