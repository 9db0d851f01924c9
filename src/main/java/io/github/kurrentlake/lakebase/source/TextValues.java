package io.github.kurrentlake.lakebase.source;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;

/** Values as Postgres writes them for people, which is how logical replication sends them. */
final class TextValues {
  private TextValues() {}

  /** Writes a value that is not null into a column of a row. */
  static void write(
      ColumnType type, byte[] data, int at, int length, UnsafeRowWriter row, int column) {
    switch (type.kind()) {
      case TEXT, ADDRESS, OTHER -> row.write(column, data, at, length);
      case BINARY -> row.write(column, bytes(data, at, length));
      default -> write(type, new String(data, at, length, StandardCharsets.UTF_8), row, column);
    }
  }

  private static void write(ColumnType type, String text, UnsafeRowWriter row, int column) {
    switch (type.kind()) {
      case BOOLEAN -> row.write(column, text.equals("t"));
      case SHORT -> row.write(column, Short.parseShort(text));
      case INT -> row.write(column, Integer.parseInt(text));
      case LONG -> row.write(column, Long.parseLong(text));
      case FLOAT -> row.write(column, Float.parseFloat(text));
      case DOUBLE -> row.write(column, Double.parseDouble(text));
      case DECIMAL ->
          BinaryValues.write(text.equals("NaN") ? null : new BigDecimal(text), type, row, column);
      case DATE -> {
        var days = Times.days(text);
        if (days.isPresent()) {
          row.write(column, (int) days.getAsLong());
        } else {
          row.setNullAt(column);
        }
      }
      case TIMESTAMP, TIMESTAMP_NTZ -> BinaryValues.micros(Times.micros(text), row, column);
      default -> throw new IllegalArgumentException("not read as text: " + type);
    }
  }

  /** {@code \x} and two digits for each byte. */
  private static byte[] bytes(byte[] data, int at, int length) {
    return HexFormat.of()
        .parseHex(new String(data, at + 2, length - 2, StandardCharsets.ISO_8859_1));
  }
}
