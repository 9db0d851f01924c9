package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.settings.Setting;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * What the options ask for.
 *
 * @param selection the events, as far as the options name them
 * @param start where to begin
 * @param through the last position; the largest there is without an end
 * @param maxEvents per micro-batch; 0 without a limit
 * @param maxBytes of the log in one partition
 * @param maxMemory of one task for the events that it holds at a time
 */
record LogRequest(
    KurrentDb kurrentdb,
    CallPolicy policy,
    Selection selection,
    StartingPosition start,
    long through,
    long maxEvents,
    long maxBytes,
    long maxMemory)
    implements Serializable {

  /** A task holds one batch and the client five that it has fetched ahead. */
  private static final long BATCHES_AT_A_TIME = 4;

  static LogRequest of(CaseInsensitiveStringMap options) {
    var table = SourceOption.INDEX.find(options).orElse(LogTable.RECORDS);
    var selection = new Selection(table, List.of());
    for (var filter :
        List.of(
            new NamedOption("category", SourceOption.CATEGORY),
            new NamedOption("schema_name", SourceOption.SCHEMA_NAME),
            new NamedOption("stream", SourceOption.STREAM))) {
      var value = filter.option().find(options);
      if (value.isPresent()) {
        selection = selection.and(filter.condition(table, value.get()));
      }
    }
    var memory = SourceOption.MAX_MEMORY_PER_TASK.get(options);
    return new LogRequest(
        KurrentDb.of(options),
        CallPolicy.of(options),
        selection,
        SourceOption.STARTING_POSITION.get(options),
        SourceOption.ENDING_POSITION.find(options).orElse(Long.MAX_VALUE),
        SourceOption.MAX_EVENTS_PER_TRIGGER.find(options).orElse(0L),
        // All of a partition may have to fit while its events are decoded.
        Math.min(
            SourceOption.MAX_BYTES_PER_PARTITION.get(options),
            Math.max(1, memory / BATCHES_AT_A_TIME)),
        memory);
  }

  private record NamedOption(String column, Setting<String> option) {
    Condition condition(LogTable table, String value) {
      if (!table.isIndexed(column) || (table.isUserIndex() && column.equals("category"))) {
        throw ErrorCode.BAD_OPTION
            .error()
            .with("option", option.name())
            .with("expected", "a read of kdb.records; " + table + " has no index on " + column);
      }
      return Condition.equal(column, value);
    }
  }

  Connection connect(long memory) {
    return kurrentdb.connect(memory, policy);
  }

  EventLog log(Connection connection) {
    return new EventLog(connection, selection);
  }

  RangePlanner planner(EventLog log) {
    var cores = SparkSession.active().sparkContext().defaultParallelism();
    return new RangePlanner(log, cores, maxBytes);
  }

  /** The ranges to read in a batch, as the log is now. */
  List<PositionRange> plan(OptionalLong limit) {
    try (var connection = connect(KurrentDbSource.PLANNING_MEMORY)) {
      var log = log(connection);
      return planner(log).plan(start.above(log), through, limit);
    }
  }

  LogRequest and(List<Condition> conditions) {
    var more = selection;
    for (var condition : conditions) {
      more = more.and(condition);
    }
    return new LogRequest(kurrentdb, policy, more, start, through, maxEvents, maxBytes, maxMemory);
  }

  String describe() {
    var end = through == Long.MAX_VALUE ? Optional.empty() : Optional.of(through);
    return "%s, from %s%s"
        .formatted(selection.describe(), start, end.map(last -> " through " + last).orElse(""));
  }
}
