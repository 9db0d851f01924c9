package io.github.kurrentlake.source;

import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/** One part of a read: all that a task needs to fetch its events, and no secret. */
record RangePartition(
    KurrentDb kurrentdb, String category, List<RecordColumn> columns, PositionRange range)
    implements InputPartition {

  String sql() {
    return RecordsSql.read(columns, category, range);
  }
}
