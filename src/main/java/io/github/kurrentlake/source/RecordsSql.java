package io.github.kurrentlake.source;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The statements sent to KurrentDB. It accepts no CTE, no join of base tables and no table
 * function, and reads a record's payload one by one, so planning statements touch indexed columns
 * only.
 */
final class RecordsSql {
  private RecordsSql() {}

  /**
   * The events of a range, unsorted: a sort would hold the whole result in the server's memory. The
   * position is always among the columns, last if Spark does not need it, since it tells what has
   * arrived.
   */
  static String read(List<SourceColumn> columns, Selection selection, PositionRange range) {
    var needed =
        columns.contains(SourceColumn.LOG_POSITION)
            ? columns.stream()
            : Stream.concat(columns.stream(), Stream.of(SourceColumn.LOG_POSITION));
    return "SELECT %s %s"
        .formatted(
            needed
                .map(column -> column.expression() + " AS " + Quoted.identifier(column.name()))
                .collect(Collectors.joining(", ")),
            selection.within(range.above(), range.through()).sql());
  }

  /** No row, but the stream's schema. */
  static String schema(LogTable table) {
    return "SELECT * FROM %s LIMIT 0".formatted(table);
  }

  /**
   * The first and last position and the size of the next so many events: columns {@code first},
   * {@code through} and {@code events}.
   */
  static String next(Selection selection, long limit) {
    return measure(
        "FROM (SELECT log_position %s ORDER BY log_position LIMIT %d)", selection, limit);
  }

  /** As {@link #next} for all that is selected. */
  static String measure(Selection selection) {
    return measure("%s", selection);
  }

  private static String measure(String from, Selection selection, Object... more) {
    var arguments = Stream.concat(Stream.of(selection.sql()), Stream.of(more)).toArray();
    return "SELECT min(log_position) AS \"first\", max(log_position) AS \"through\","
        + " count(*) AS \"events\" "
        + from.formatted(arguments);
  }

  /**
   * How the events lie in the log, in slices of so many bytes: columns {@code slice}, {@code
   * first}, {@code through} and {@code events}, in order. One pass without a sort of the events.
   */
  static String slices(Selection selection, long origin, long width) {
    return ("SELECT (log_position - (%d)) // %d AS \"slice\", min(log_position) AS \"first\","
            + " max(log_position) AS \"through\", count(*) AS \"events\" %s GROUP BY \"slice\""
            + " ORDER BY \"slice\"")
        .formatted(origin, width, selection.sql());
  }

  /** What the server's index says of the first events, to recognise them. */
  static String events(Selection selection, long limit) {
    return "SELECT log_position, stream, schema_name, stream_revision, created_at, record_id,"
        + " commit_position"
        + " %s ORDER BY log_position LIMIT %d".formatted(selection.sql(), limit);
  }

  /** Positions and payloads, unsorted. */
  static String payloads(Selection selection) {
    return "SELECT log_position, data " + selection.sql();
  }

  /** What the log holds by category and event type, in this order. */
  static String types() {
    return "SELECT category, schema_name, count(*) AS \"events\", max(created_at) AS \"newest\","
        + " max(log_position) AS \"through\" FROM kdb.records GROUP BY 1, 2 ORDER BY 1, 2";
  }

  /** One row when the log holds any event at all. */
  static String any() {
    return "SELECT log_position FROM kdb.records LIMIT 1";
  }
}
