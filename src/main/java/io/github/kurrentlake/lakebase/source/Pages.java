package io.github.kurrentlake.lakebase.source;

import static java.util.stream.Collectors.joining;

import io.github.kurrentlake.lakebase.connect.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Finds where a batch of so many rows ends, in the order of a value and then of the key. */
record Pages(List<PostgresColumn> key) {

  static Pages of(List<PostgresColumn> key) {
    return new Pages(List.copyOf(key));
  }

  /** A row at a place in the order, the first being row 1. */
  record Mark(long row, String value, List<String> key) {}

  /** What a statement must select to be looked through. */
  String order(String value, String alias) {
    var columns = new ArrayList<String>();
    columns.add(value + " AS o");
    for (var place = 0; place < key.size(); place++) {
      columns.add(alias + "." + key.get(place).sql() + " AS k" + place);
    }
    return String.join(", ", columns);
  }

  /** The first row, the last that fits, and the one after it, as far as there are any. */
  List<Mark> marks(Connection connection, String rows, long maxRows) throws SQLException {
    var order = order();
    var texts =
        IntStream.range(0, key.size())
            .mapToObj(place -> key.get(place).text("k" + place))
            .collect(joining(", "));
    var sql =
        ("SELECT n, o::text, %s FROM (SELECT r.*, row_number() OVER (ORDER BY %s) AS n FROM (%s) AS r"
                + " ORDER BY %s LIMIT %d) AS p WHERE n IN (1, %d, %d) ORDER BY n")
            .formatted(texts, order, rows, order, maxRows + 1, maxRows, maxRows + 1);
    return marks(connection, sql);
  }

  /** The last row of all. */
  List<Mark> last(Connection connection, String rows) throws SQLException {
    var texts =
        IntStream.range(0, key.size())
            .mapToObj(place -> key.get(place).text("k" + place))
            .collect(joining(", "));
    var descending = order().replace(",", " DESC,") + " DESC";
    return marks(
        connection,
        "SELECT 0, o::text, %s FROM (%s) AS r ORDER BY %s LIMIT 1"
            .formatted(texts, rows, descending));
  }

  private String order() {
    return IntStream.range(0, key.size())
        .mapToObj(place -> ", k" + place)
        .collect(joining("", "o", ""));
  }

  private List<Mark> marks(Connection connection, String sql) throws SQLException {
    return Query.of(connection, sql)
        .list(
            row -> {
              var texts = new ArrayList<String>();
              for (var place = 0; place < key.size(); place++) {
                texts.add(row.getString(3 + place));
              }
              return new Mark(row.getLong(1), row.getString(2), List.copyOf(texts));
            });
  }

  /** The values of a key in a statement. */
  static String literals(List<PostgresColumn> key, List<String> values) {
    return IntStream.range(0, key.size())
        .mapToObj(place -> key.get(place).literal(values.get(place)))
        .collect(joining(", "));
  }
}
