package io.github.kurrentlake.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Comma-separated values with a header, as RFC 4180 has them but for the line end, which is a line
 * feed. A null is an empty field, an empty text is a pair of quotes.
 */
final class CsvPrinter implements RowPrinter {
  private final PrintStream out;

  CsvPrinter(PrintStream out) {
    this.out = out;
  }

  @Override
  public void print(StructType schema, Iterator<Row> rows) throws IOException {
    line(Arrays.stream(schema.fieldNames()));
    while (rows.hasNext() && !out.checkError()) {
      var row = rows.next();
      line(IntStream.range(0, row.length()).mapToObj(i -> Cells.shown(row.get(i))));
    }
    out.flush();
  }

  private void line(Stream<String> values) {
    out.print(values.map(CsvPrinter::field).collect(Collectors.joining(",", "", "\n")));
  }

  private static String field(String value) {
    if (value == null) {
      return "";
    }
    var plain = !value.isEmpty() && value.chars().noneMatch(c -> ",\"\r\n".indexOf(c) >= 0);
    return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
  }
}
