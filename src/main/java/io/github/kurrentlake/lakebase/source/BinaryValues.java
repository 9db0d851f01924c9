package io.github.kurrentlake.lakebase.source;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.OptionalLong;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.sql.types.Decimal;

/** Values in Postgres' binary form. */
final class BinaryValues {
  private static final int NUMERIC_NEGATIVE = 0x4000;
  private static final int NUMERIC_SPECIAL = 0xC000;
  private static final BigInteger BASE = BigInteger.valueOf(10_000);

  private BinaryValues() {}

  /** Writes a value that is not null into a column of a row. */
  static void write(
      ColumnType type, byte[] data, int at, int length, UnsafeRowWriter row, int column) {
    switch (type.kind()) {
      case BOOLEAN -> row.write(column, data[at] != 0);
      case SHORT -> row.write(column, NetworkOrder.shortAt(data, at));
      case INT -> row.write(column, NetworkOrder.intAt(data, at));
      case LONG -> row.write(column, NetworkOrder.longAt(data, at));
      case FLOAT -> row.write(column, Float.intBitsToFloat(NetworkOrder.intAt(data, at)));
      case DOUBLE -> row.write(column, Double.longBitsToDouble(NetworkOrder.longAt(data, at)));
      case DECIMAL -> decimal(type, data, at, row, column);
      case DATE -> {
        var days = Times.days(NetworkOrder.intAt(data, at));
        if (days.isPresent()) {
          row.write(column, (int) days.getAsLong());
        } else {
          row.setNullAt(column);
        }
      }
      case TIMESTAMP, TIMESTAMP_NTZ ->
          micros(Times.micros(NetworkOrder.longAt(data, at)), row, column);
      case BINARY, TEXT, ADDRESS, OTHER -> row.write(column, data, at, length);
    }
  }

  /** A whole number as it is, a time as microseconds since 1970. */
  static long number(ColumnType type, byte[] data, int at) {
    return switch (type.kind()) {
      case SHORT -> NetworkOrder.shortAt(data, at);
      case INT -> NetworkOrder.intAt(data, at);
      case LONG -> NetworkOrder.longAt(data, at);
      case DATE -> Times.unboundedMicros(NetworkOrder.intAt(data, at));
      case TIMESTAMP, TIMESTAMP_NTZ -> Times.unboundedMicros(NetworkOrder.longAt(data, at));
      default -> throw new IllegalArgumentException("not a cursor: " + type);
    };
  }

  static void micros(OptionalLong micros, UnsafeRowWriter row, int column) {
    if (micros.isPresent()) {
      row.write(column, micros.getAsLong());
    } else {
      row.setNullAt(column);
    }
  }

  /** Four digits at a time, the first of them worth 10000 to the power of the weight. */
  private static void decimal(
      ColumnType type, byte[] data, int at, UnsafeRowWriter row, int column) {
    var groups = NetworkOrder.shortAt(data, at);
    var weight = NetworkOrder.shortAt(data, at + 2);
    var sign = NetworkOrder.shortAt(data, at + 4) & 0xffff;
    if ((sign & NUMERIC_SPECIAL) == NUMERIC_SPECIAL) {
      write(null, type, row, column);
      return;
    }
    var scale = 4 * (groups - 1 - weight);
    BigDecimal value;
    if (groups <= 4) {
      var digits = 0L;
      for (var group = 0; group < groups; group++) {
        digits = digits * 10_000 + NetworkOrder.shortAt(data, at + 8 + 2 * group);
      }
      value = BigDecimal.valueOf(sign == NUMERIC_NEGATIVE ? -digits : digits, scale);
    } else {
      var digits = BigInteger.ZERO;
      for (var group = 0; group < groups; group++) {
        digits =
            digits
                .multiply(BASE)
                .add(BigInteger.valueOf(NetworkOrder.shortAt(data, at + 8 + 2 * group)));
      }
      value = new BigDecimal(sign == NUMERIC_NEGATIVE ? digits.negate() : digits, scale);
    }
    write(value, type, row, column);
  }

  /** Writes a decimal that fits its column; nothing for NaN, which Spark's decimals do not have. */
  static void write(BigDecimal value, ColumnType type, UnsafeRowWriter row, int column) {
    var decimal =
        value == null
            ? null
            : Decimal.apply(value.setScale(type.scale()), type.precision(), type.scale());
    row.write(column, decimal, type.precision(), type.scale());
  }
}
