package io.github.kurrentlake.source;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The statements sent to KurrentDB. It accepts no CTE, no join of base tables and no table
 * function, and reads a record's payload one by one, so planning statements touch indexed columns
 * only.
 */
final class RecordsSql {
  private RecordsSql() {}

  /** The events of a range, unsorted: a sort would hold the whole result in the server's memory. */
  static String read(List<RecordColumn> columns, String category, PositionRange range) {
    // A scan that needs no column (a count) still needs one to count.
    var needed = columns.isEmpty() ? List.of(RecordColumn.LOG_POSITION) : columns;
    return "SELECT %s FROM kdb.records WHERE %s AND log_position <= %d"
        .formatted(
            needed.stream()
                .map(column -> column.expression() + " AS " + column.column())
                .collect(Collectors.joining(", ")),
            above(category, range.above()),
            range.through());
  }

  /**
   * The end and the size of the next so many events: columns {@code through} and {@code events}.
   */
  static String next(String category, long above, long limit) {
    return "SELECT max(log_position) AS through, count(*) AS events FROM (%s)"
        .formatted(positions(category, above, limit));
  }

  /** The end and the size of a range: columns {@code through} and {@code events}. */
  static String measure(String category, long above, long through) {
    return ("SELECT max(log_position) AS through, count(*) AS events FROM kdb.records WHERE %s AND"
            + " log_position <= %d")
        .formatted(above(category, above), through);
  }

  /**
   * The range cut into parts of equal event count, in order: columns {@code through} and {@code
   * events}.
   */
  static String split(String category, PositionRange range, int parts) {
    return ("SELECT max(log_position) AS through, count(*) AS events FROM (SELECT log_position,"
            + " ntile(%d) OVER (ORDER BY log_position) AS part FROM kdb.records WHERE %s AND"
            + " log_position <= %d) GROUP BY part ORDER BY part")
        .formatted(parts, above(category, range.above()), range.through());
  }

  /** What the server says of one event, to recognise it: its stream and type. */
  static String event(String category, long position) {
    return "SELECT stream, schema_name FROM kdb.records WHERE category = %s AND log_position = %d"
        .formatted(literal(category), position);
  }

  /** One row when the log holds any event at all. */
  static String any() {
    return "SELECT log_position FROM kdb.records LIMIT 1";
  }

  private static String positions(String category, long above, long limit) {
    return "SELECT log_position FROM kdb.records WHERE %s ORDER BY log_position LIMIT %d"
        .formatted(above(category, above), limit);
  }

  private static String above(String category, long position) {
    return "category = %s AND log_position > %d".formatted(literal(category), position);
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
