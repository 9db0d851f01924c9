package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.table.Sql;
import java.io.Serializable;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * A column of a Delta table as a column of Postgres.
 *
 * @param postgresType as Postgres itself spells it
 */
record SyncedColumn(Identifier name, String postgresType, Form form) implements Serializable {

  /** How a value is written as text that Postgres reads. */
  enum Form {
    PLAIN,
    /** Years beyond 9999 and before 1 are spelt in another way. */
    DATE,
    HEX,
    JSON
  }

  /**
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-640 for a type that Postgres has
   *     nothing for
   */
  static SyncedColumn of(StructField field) {
    var postgresType = postgresType(field);
    var form =
        switch (postgresType) {
          case "bytea" -> Form.HEX;
          case "date", "timestamp with time zone", "timestamp without time zone" -> Form.DATE;
          case "jsonb" -> Form.JSON;
          default -> Form.PLAIN;
        };
    return new SyncedColumn(Identifier.of(field.name()), postgresType, form);
  }

  /** The expression that gives the value as UTF-8 bytes of Postgres' text form. */
  String text() {
    var column = Sql.identifier(name.name());
    var text =
        switch (form) {
          case PLAIN, DATE -> "CAST(%s AS STRING)".formatted(column);
          case HEX -> "concat('\\\\x', hex(%s))".formatted(column);
          case JSON -> json(column);
        };
    return "CAST(%s AS BINARY) AS %s".formatted(text, column);
  }

  /**
   * An expression that differs where Postgres would hold something else. Texts are compared byte by
   * byte, whatever collation they have in Delta; a map cannot be compared as it is.
   *
   * @param table the alias of the column's table
   */
  String comparable(String table) {
    var column = table + "." + Sql.identifier(name.name());
    return switch (form) {
      case PLAIN -> postgresType.equals("text") ? "CAST(%s AS BINARY)".formatted(column) : column;
      case DATE, HEX -> column;
      case JSON -> json(column);
    };
  }

  String sql() {
    return name.sql();
  }

  private static String json(String column) {
    return "to_json(%s, map('ignoreNullFields', 'false'))".formatted(column);
  }

  private static String postgresType(StructField field) {
    var type = field.dataType();
    if (type instanceof BooleanType) {
      return "boolean";
    } else if (type instanceof ByteType || type instanceof ShortType) {
      return "smallint";
    } else if (type instanceof IntegerType) {
      return "integer";
    } else if (type instanceof LongType) {
      return "bigint";
    } else if (type instanceof FloatType) {
      return "real";
    } else if (type instanceof DoubleType) {
      return "double precision";
    } else if (type instanceof DecimalType decimal) {
      return "numeric(%d,%d)".formatted(decimal.precision(), decimal.scale());
    } else if (type instanceof StringType) {
      return "text";
    } else if (type instanceof BinaryType) {
      return "bytea";
    } else if (type instanceof DateType) {
      return "date";
    } else if (type instanceof TimestampType) {
      return "timestamp with time zone";
    } else if (type instanceof TimestampNTZType) {
      return "timestamp without time zone";
    } else if (isJson(type)) {
      return "jsonb";
    }
    throw ErrorCode.NOT_SYNCABLE
        .error()
        .with("column", field.name())
        .with("reason", "Postgres has nothing for the type " + type.sql());
  }

  private static boolean isJson(DataType type) {
    return switch (type.typeName()) {
      case "struct", "array", "map", "variant" -> true;
      default -> false;
    };
  }
}
