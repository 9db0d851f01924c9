package io.github.kurrentlake.source;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The events that are wanted: of which table, under which conditions. */
record Selection(LogTable table, List<Condition> conditions) implements Serializable {

  Selection {
    conditions = List.copyOf(conditions);
  }

  static Selection everything() {
    return new Selection(LogTable.RECORDS, List.of());
  }

  static Selection category(String category) {
    return everything().and(Condition.equal(RecordColumns.CATEGORY, category));
  }

  Selection and(Condition condition) {
    var all = new ArrayList<>(conditions);
    all.add(condition);
    return new Selection(table, all);
  }

  /** The events of a part of the log. */
  Selection within(long above, long through) {
    return and(Condition.above(above)).and(Condition.through(through));
  }

  /** The part of a statement that begins with FROM. */
  String sql() {
    return conditions.isEmpty() ? "FROM " + table : "FROM " + table + " WHERE " + where();
  }

  /** What EXPLAIN shows of it. */
  String describe() {
    return Stream.of(table.toString(), where())
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(" "));
  }

  private String where() {
    return conditions.stream().map(Condition::toString).collect(Collectors.joining(" AND "));
  }
}
