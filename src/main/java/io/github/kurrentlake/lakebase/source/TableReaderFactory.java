package io.github.kurrentlake.lakebase.source;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;

/** Makes the readers on the executors. */
final class TableReaderFactory implements PartitionReaderFactory {

  @Override
  public PartitionReader<InternalRow> createReader(InputPartition input) {
    var partition = (ReadPartition) input;
    if (partition.work() instanceof ReadWork.Rows rows) {
      return new RowReader(partition, rows);
    }
    return new ChangeReader(partition, (ReadWork.Changes) partition.work());
  }
}
