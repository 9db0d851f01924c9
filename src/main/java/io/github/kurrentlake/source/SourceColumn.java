package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A column as Spark shows it, and what KurrentDB computes for it. All are nullable, since the wire
 * promises nothing else.
 */
record SourceColumn(String name, DataType type) implements Serializable {
  static final SourceColumn LOG_POSITION =
      new SourceColumn(RecordColumns.LOG_POSITION, DataTypes.LongType);

  /** What KurrentDB's unsigned numbers become, since Spark has none. */
  private static final DataType UNSIGNED = DataTypes.createDecimalType(20, 0);

  /**
   * The columns of a stream. A column of a type that Spark cannot show without a copy is left out;
   * no KurrentDB is known to have one.
   */
  static StructType schema(Schema stream) {
    var fields = new ArrayList<StructField>();
    for (var field : stream.getFields()) {
      var type =
          field.getName().equals(RecordColumns.CREATED_AT)
              ? Optional.of(DataTypes.TimestampType)
              : sparkType(field.getType());
      type.ifPresent(found -> fields.add(new StructField(field.getName(), found, true, null)));
    }
    return withoutMetadata(fields);
  }

  /**
   * The columns of a statement's rows.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-217 for one that Spark cannot show
   */
  static StructType schemaOf(Schema stream) {
    var fields = new ArrayList<StructField>();
    for (var field : stream.getFields()) {
      var type =
          sparkType(field.getType())
              .filter(found -> new SourceColumn("", found).isHeldBy(field.getType()))
              .orElseThrow(
                  () ->
                      ErrorCode.COLUMN_DIFFERS
                          .error()
                          .with("column", field.getName())
                          .with("wanted", "a type that Spark shares with Arrow")
                          .with("KurrentDB has", field.getType()));
      fields.add(new StructField(field.getName(), type, true, null));
    }
    return withoutMetadata(fields);
  }

  static List<SourceColumn> of(StructType schema) {
    var columns = new ArrayList<SourceColumn>();
    for (var field : schema.fields()) {
      columns.add(new SourceColumn(field.name(), field.dataType()));
    }
    return List.copyOf(columns);
  }

  static StructType toSchema(List<SourceColumn> columns) {
    return withoutMetadata(
        columns.stream()
            .map(column -> new StructField(column.name(), column.type(), true, null))
            .toList());
  }

  private static StructType withoutMetadata(List<StructField> fields) {
    var schema = new StructType();
    for (var field : fields) {
      schema = schema.add(field.name(), field.dataType(), true);
    }
    return schema;
  }

  /** What KurrentDB is asked for. */
  String expression() {
    var column = Quoted.identifier(name);
    if (type.equals(DataTypes.TimestampType)) {
      return "epoch_ms(" + column + ")";
    }
    return type.equals(UNSIGNED) ? "CAST(" + column + " AS DECIMAL(20, 0))" : column;
  }

  /** Whether vectors of this type hold what Spark expects in the column. */
  boolean isHeldBy(ArrowType arrow) {
    if (type.equals(DataTypes.TimestampType)) {
      return arrow instanceof ArrowType.Timestamp;
    }
    if (type.equals(UNSIGNED)) {
      return arrow instanceof ArrowType.Decimal;
    }
    return sparkType(arrow).filter(type::equals).isPresent();
  }

  private static Optional<DataType> sparkType(ArrowType type) {
    if (type instanceof ArrowType.Int number) {
      if (number.getBitWidth() == 64) {
        return Optional.of(number.getIsSigned() ? DataTypes.LongType : UNSIGNED);
      }
      return number.getBitWidth() == 32 && number.getIsSigned()
          ? Optional.of(DataTypes.IntegerType)
          : Optional.empty();
    }
    if (type instanceof ArrowType.Utf8) {
      return Optional.of(DataTypes.StringType);
    }
    if (type instanceof ArrowType.Binary) {
      return Optional.of(DataTypes.BinaryType);
    }
    if (type instanceof ArrowType.Bool) {
      return Optional.of(DataTypes.BooleanType);
    }
    if (type instanceof ArrowType.FloatingPoint number) {
      return switch (number.getPrecision()) {
        case HALF -> Optional.empty();
        case SINGLE -> Optional.of(DataTypes.FloatType);
        case DOUBLE -> Optional.of(DataTypes.DoubleType);
      };
    }
    if (type instanceof ArrowType.Decimal number) {
      return Optional.of(DataTypes.createDecimalType(number.getPrecision(), number.getScale()));
    }
    if (type instanceof ArrowType.Timestamp time) {
      return time.getUnit() == TimeUnit.MICROSECOND
          ? Optional.of(DataTypes.TimestampType)
          : Optional.empty();
    }
    return type instanceof ArrowType.Date date && date.getUnit() == DateUnit.DAY
        ? Optional.of(DataTypes.DateType)
        : Optional.empty();
  }
}
