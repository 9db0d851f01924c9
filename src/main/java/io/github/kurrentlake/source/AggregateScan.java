package io.github.kurrentlake.source;

import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.types.StructType;

/** Aggregates that one statement answers, over the log as it was when the read was planned. */
final class AggregateScan implements ColumnarScan {
  private final LogRequest request;
  private final PushedAggregation aggregation;
  private InputPartition[] partitions;

  AggregateScan(LogRequest request, PushedAggregation aggregation) {
    this.request = request;
    this.aggregation = aggregation;
  }

  @Override
  public StructType readSchema() {
    return SourceColumn.toSchema(aggregation.columns());
  }

  @Override
  public String description() {
    return "kurrentdb %s, aggregates [%s]".formatted(request.describe(), aggregation.describe());
  }

  @Override
  public synchronized InputPartition[] planInputPartitions() {
    if (partitions == null) {
      partitions = new InputPartition[] {plan()};
    }
    return partitions.clone();
  }

  private StatementPartition plan() {
    try (var connection = request.connect(KurrentDbSource.PLANNING_MEMORY)) {
      var log = request.log(connection);
      if (request.through() != Long.MAX_VALUE) {
        log.require(LogTable.RECORDS, request.through(), "read ends at");
      }
      var within =
          request
              .selection()
              .within(request.start().above(log), Math.min(request.through(), log.last()));
      return new StatementPartition(
          request.kurrentdb().forTasks(),
          request.policy(),
          request.maxMemory(),
          aggregation.columns(),
          aggregation.sql(within));
    }
  }
}
