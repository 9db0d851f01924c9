package io.github.kurrentlake.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Iterator;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** One JSON object a line, with every column, nulls too. */
final class JsonPrinter implements RowPrinter {
  private final PrintStream out;

  JsonPrinter(PrintStream out) {
    this.out = out;
  }

  @Override
  public void print(StructType schema, Iterator<Row> rows) throws IOException {
    try (var json =
        Cells.JSON
            .createGenerator(out)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM)) {
      json.setRootValueSeparator(null);
      while (rows.hasNext() && !out.checkError()) {
        Cells.write(json, schema, rows.next());
        json.writeRaw('\n');
      }
    }
    out.flush();
  }
}
