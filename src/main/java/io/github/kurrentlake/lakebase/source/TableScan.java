package io.github.kurrentlake.lakebase.source;

import java.util.List;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.types.StructType;

/** A read of the columns that Spark wants, by one task over one connection. */
final class TableScan implements ScanBuilder, SupportsPushDownRequiredColumns, Scan, Batch {
  private final ReadRequest request;
  private StructType wanted;

  TableScan(ReadRequest request, StructType shown) {
    this.request = request;
    this.wanted = shown;
  }

  @Override
  public void pruneColumns(StructType columns) {
    wanted = columns;
  }

  @Override
  public Scan build() {
    return this;
  }

  @Override
  public StructType readSchema() {
    return wanted;
  }

  @Override
  public String description() {
    return "lakebase %s, table %s, mode %s, columns %s"
        .formatted(
            request.connections().provider(),
            request.table().name(),
            request.mode(),
            List.of(wanted.fieldNames()));
  }

  @Override
  public Batch toBatch() {
    return this;
  }

  @Override
  public MicroBatchStream toMicroBatchStream(String checkpointLocation) {
    return new TableStream(request, wanted, checkpointLocation);
  }

  /** The rows that there are when the task reads, so a task that is repeated may see others. */
  @Override
  public InputPartition[] planInputPartitions() {
    var extraction = request.extraction("");
    var position = request.furthest(extraction);
    var columns = ReadPartition.wanted(request.table(), List.of(wanted.fieldNames()));
    return new InputPartition[] {
      request.partition(wanted, extraction.everything(columns), position)
    };
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new TableReaderFactory();
  }
}
