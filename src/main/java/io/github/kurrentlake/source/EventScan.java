package io.github.kurrentlake.source;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.types.StructType;

/**
 * A read of events. Its ranges are planned once, on the driver, so that anyone who asks twice is
 * told the same.
 */
final class EventScan implements ColumnarScan {
  private final LogRequest request;
  private final List<SourceColumn> columns;
  private final OptionalLong limit;
  private List<PositionRange> ranges;

  EventScan(LogRequest request, List<SourceColumn> columns, OptionalLong limit) {
    this.request = request;
    this.columns = columns;
    this.limit = limit;
  }

  @Override
  public StructType readSchema() {
    return SourceColumn.toSchema(columns);
  }

  @Override
  public String description() {
    return "kurrentdb %s, columns [%s]%s"
        .formatted(
            request.describe(),
            columns.stream().map(SourceColumn::name).collect(Collectors.joining(", ")),
            limit.isPresent() ? ", limit " + limit.getAsLong() : "");
  }

  @Override
  public MicroBatchStream toMicroBatchStream(String checkpointLocation) {
    return new EventStream(request, columns, checkpointLocation);
  }

  @Override
  public synchronized InputPartition[] planInputPartitions() {
    if (ranges == null) {
      ranges = request.plan(limit);
    }
    return RangePartition.all(request, columns, ranges);
  }
}
