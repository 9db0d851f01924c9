package io.github.kurrentlake.source;

import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/** One part of a read: all that a task needs to fetch its events. */
record RangePartition(
    KurrentDb kurrentdb,
    CallPolicy policy,
    long memory,
    List<SourceColumn> columns,
    Selection selection,
    PositionRange range)
    implements InputPartition {

  static InputPartition[] all(
      LogRequest request, List<SourceColumn> columns, List<PositionRange> ranges) {
    var kurrentdb = request.kurrentdb().forTasks();
    return ranges.stream()
        .map(
            range ->
                new RangePartition(
                    kurrentdb,
                    request.policy(),
                    request.maxMemory(),
                    columns,
                    request.selection(),
                    range))
        .toArray(InputPartition[]::new);
  }
}
