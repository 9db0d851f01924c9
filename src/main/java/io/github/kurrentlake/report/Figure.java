package io.github.kurrentlake.report;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A part of a report: a table and its picture.
 *
 * @param title what it shows
 * @param about what a reader has to know to read it
 * @param chart its picture
 * @param columns what stands above the columns
 * @param rows the cells; a null is nothing
 */
public record Figure(
    String title, String about, Chart chart, List<String> columns, List<List<Object>> rows) {
  /** More than that nobody reads, and a page need not carry. */
  private static final int MOST = 500;

  public Figure {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  /** A figure of a query's rows, whose columns are named as the reader sees them. */
  public static Figure of(String title, String about, Chart chart, Dataset<Row> query) {
    return new Figure(
        title,
        about,
        chart,
        List.of(query.columns()),
        query.limit(MOST).collectAsList().stream().map(Figure::cells).toList());
  }

  private static List<Object> cells(Row row) {
    // A list that may hold null.
    var cells = new ArrayList<>();
    for (var i = 0; i < row.length(); i++) {
      cells.add(row.get(i));
    }
    return cells;
  }
}
