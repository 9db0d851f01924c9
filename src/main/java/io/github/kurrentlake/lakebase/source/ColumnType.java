package io.github.kurrentlake.lakebase.source;

import java.io.Serializable;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * What a Postgres type becomes. A type that Spark has no equal of is read as the text that Postgres
 * shows, so that no column can make a table unreadable.
 *
 * @param precision of a decimal, else 0
 * @param scale of a decimal, else 0
 */
record ColumnType(Kind kind, int precision, int scale) implements Serializable {
  private static final int MOST_DIGITS = 38;

  /** Types that Postgres hands out as plain text in its binary form too. */
  private static final Set<String> TEXTS = Set.of("text", "varchar", "bpchar");

  enum Kind {
    BOOLEAN,
    SHORT,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    DECIMAL,
    BINARY,
    DATE,
    TIMESTAMP,
    TIMESTAMP_NTZ,
    /** Text in Postgres. */
    TEXT,
    /** The text form of an address, which a cast would change. */
    ADDRESS,
    /** The text form of anything else. */
    OTHER
  }

  static ColumnType of(Kind kind) {
    return new ColumnType(kind, 0, 0);
  }

  /**
   * @param name {@code pg_type.typname} of a type of {@code pg_catalog}, else the empty text
   * @param modifier {@code atttypmod}; -1 for none
   */
  static ColumnType of(String name, int modifier) {
    if (TEXTS.contains(name)) {
      return of(Kind.TEXT);
    }
    return switch (name) {
      case "bool" -> of(Kind.BOOLEAN);
      case "int2" -> of(Kind.SHORT);
      case "int4" -> of(Kind.INT);
      case "int8" -> of(Kind.LONG);
      case "float4" -> of(Kind.FLOAT);
      case "float8" -> of(Kind.DOUBLE);
      case "numeric" -> numeric(modifier);
      case "bytea" -> of(Kind.BINARY);
      case "date" -> of(Kind.DATE);
      case "timestamptz" -> of(Kind.TIMESTAMP);
      case "timestamp" -> of(Kind.TIMESTAMP_NTZ);
      case "inet" -> of(Kind.ADDRESS);
      default -> of(Kind.OTHER);
    };
  }

  /** The modifier holds precision and an 11 bit signed scale, and is 4 too large. */
  private static ColumnType numeric(int modifier) {
    if (modifier < 0) {
      return of(Kind.OTHER);
    }
    var precision = (modifier - 4) >> 16;
    var scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
    return precision <= MOST_DIGITS && scale >= 0 && scale <= precision
        ? new ColumnType(Kind.DECIMAL, precision, scale)
        : of(Kind.OTHER);
  }

  DataType spark() {
    return switch (kind) {
      case BOOLEAN -> DataTypes.BooleanType;
      case SHORT -> DataTypes.ShortType;
      case INT -> DataTypes.IntegerType;
      case LONG -> DataTypes.LongType;
      case FLOAT -> DataTypes.FloatType;
      case DOUBLE -> DataTypes.DoubleType;
      case DECIMAL -> DataTypes.createDecimalType(precision, scale);
      case BINARY -> DataTypes.BinaryType;
      case DATE -> DataTypes.DateType;
      case TIMESTAMP -> DataTypes.TimestampType;
      case TIMESTAMP_NTZ -> DataTypes.TimestampNTZType;
      case TEXT, ADDRESS, OTHER -> DataTypes.StringType;
    };
  }

  /** How a column of this type is selected. */
  String select(String column) {
    return switch (kind) {
      case ADDRESS -> "pg_catalog.inet_out(" + column + ")::text";
      case OTHER -> column + "::text";
      default -> column;
    };
  }

  boolean isWholeNumber() {
    return switch (kind) {
      case SHORT, INT, LONG -> true;
      default -> false;
    };
  }

  boolean isTime() {
    return switch (kind) {
      case DATE, TIMESTAMP, TIMESTAMP_NTZ -> true;
      default -> false;
    };
  }
}
