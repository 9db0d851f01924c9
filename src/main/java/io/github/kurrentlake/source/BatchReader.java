package io.github.kurrentlake.source;

import java.util.List;
import java.util.function.Supplier;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Hands the answers of KurrentDB to Spark, batch by batch and without a copy. What comes after a
 * failure is for the readers to say.
 */
abstract class BatchReader implements PartitionReader<ColumnarBatch> {
  final Connection connection;
  final Retries retries;
  private final List<SourceColumn> columns;
  private Connection.Rows rows;
  private ColumnarBatch batch;

  BatchReader(Connection connection, List<SourceColumn> columns) {
    this.connection = connection;
    this.retries = connection.retries();
    this.columns = columns;
  }

  /** Loads the next batch of an answer; false at its end. The statement is sent for the first. */
  final boolean load(Supplier<String> sql) {
    if (rows == null) {
      rows = connection.query(sql.get());
      batch = null;
    }
    if (!rows.next()) {
      return false;
    }
    if (batch == null) {
      // The driver loads every batch of a stream into the same vectors.
      batch = Columns.wrap(root(), columns);
    }
    batch.setNumRows(root().getRowCount());
    return true;
  }

  /** The vectors of the batch that was loaded. */
  final VectorSchemaRoot root() {
    return rows.batch();
  }

  @Override
  public ColumnarBatch get() {
    return batch;
  }

  @Override
  public final CustomTaskMetric[] currentMetricsValues() {
    return ReadMetrics.of(connection.counters());
  }

  final void closeRows() {
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
