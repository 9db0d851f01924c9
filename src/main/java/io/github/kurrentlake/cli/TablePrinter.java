package io.github.kurrentlake.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/**
 * Columns side by side for a person, every row and every value in full. The widths are those of the
 * first rows, so that a large result starts at once; a wider value later shifts its own line.
 */
final class TablePrinter implements RowPrinter {
  private static final int MEASURED_ROWS = 1_000;

  private final PrintStream out;
  private final String indent;

  private TablePrinter(PrintStream out, String indent) {
    this.out = out;
    this.indent = indent;
  }

  static TablePrinter to(PrintStream out) {
    return new TablePrinter(out, "");
  }

  /** The same printer with its lines moved to the right. */
  TablePrinter indented(String by) {
    return new TablePrinter(out, by);
  }

  @Override
  public void print(StructType schema, Iterator<Row> rows) {
    var count = body(schema, rows);
    if (schema.length() > 0) {
      out.printf(Locale.ROOT, "%s(%,d %s)%n", indent, count, count == 1 ? "row" : "rows");
    }
    out.flush();
  }

  /** Prints header and rows without the line that counts them. */
  long body(StructType schema, Iterator<Row> rows) {
    if (schema.length() == 0) {
      return 0;
    }
    List<String[]> measured = new ArrayList<>();
    while (rows.hasNext() && measured.size() < MEASURED_ROWS) {
      measured.add(cells(rows.next()));
    }
    var widths = Arrays.stream(schema.fieldNames()).mapToInt(TablePrinter::width).toArray();
    for (var cells : measured) {
      for (var i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(cells[i]));
      }
    }
    var alignRight = new boolean[widths.length];
    for (var i = 0; i < widths.length; i++) {
      alignRight[i] = schema.fields()[i].dataType() instanceof NumericType;
    }
    line(schema.fieldNames(), widths, alignRight);
    line(Arrays.stream(widths).mapToObj("-"::repeat).toArray(String[]::new), widths, alignRight);
    measured.forEach(cells -> line(cells, widths, alignRight));
    long count = measured.size();
    while (rows.hasNext() && !out.checkError()) {
      line(cells(rows.next()), widths, alignRight);
      count++;
    }
    return count;
  }

  private void line(String[] cells, int[] widths, boolean[] alignRight) {
    var line = new StringBuilder(indent);
    for (var i = 0; i < cells.length; i++) {
      var padding = " ".repeat(Math.max(0, widths[i] - width(cells[i])));
      line.append(i == 0 ? "" : "  ")
          .append(alignRight[i] ? padding + cells[i] : cells[i] + padding);
    }
    out.println(line.toString().stripTrailing());
  }

  private static String[] cells(Row row) {
    var cells = new String[row.length()];
    for (var i = 0; i < cells.length; i++) {
      cells[i] = Cells.visible(row.get(i));
    }
    return cells;
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
