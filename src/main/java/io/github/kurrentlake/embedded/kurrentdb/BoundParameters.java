package io.github.kurrentlake.embedded.kurrentdb;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.Text;

/** Reads the Arrow arrays that a client binds; only some types are accepted, as in KurrentDB. */
final class BoundParameters {
  private BoundParameters() {}

  /** Throws UNIMPLEMENTED for the first column of a type that cannot be bound. */
  static void check(Schema schema) {
    for (var field : schema.getFields()) {
      var type = field.getType();
      if (!isAccepted(type)) {
        throw Statuses.unsupported("Array type " + name(type) + " is not supported");
      }
    }
  }

  /** The values row by row; column i is parameter i + 1. */
  static List<List<Object>> rows(VectorSchemaRoot batch) {
    var rows = new ArrayList<List<Object>>(batch.getRowCount());
    for (var row = 0; row < batch.getRowCount(); row++) {
      var values = new ArrayList<>(batch.getFieldVectors().size());
      for (var vector : batch.getFieldVectors()) {
        values.add(value(vector, row));
      }
      rows.add(values);
    }
    return rows;
  }

  private static Object value(FieldVector vector, int row) {
    if (vector.isNull(row)) {
      return null;
    } else if (vector instanceof UInt1Vector bytes) {
      return bytes.getObjectNoOverflow(row);
    } else if (vector instanceof UInt4Vector ints) {
      return ints.getObjectNoOverflow(row);
    } else if (vector instanceof UInt8Vector longs) {
      return longs.getObjectNoOverflow(row);
    }
    var value = vector.getObject(row);
    return value instanceof Text text ? text.toString() : value;
  }

  private static boolean isAccepted(ArrowType type) {
    return switch (type.getTypeID()) {
      case Null, Bool, Utf8, Utf8View, LargeUtf8, Binary, BinaryView, LargeBinary -> true;
      case Int -> ((ArrowType.Int) type).getBitWidth() != 16;
      case NONE,
          Struct,
          List,
          LargeList,
          FixedSizeList,
          Union,
          Map,
          FloatingPoint,
          FixedSizeBinary,
          Decimal,
          Date,
          Time,
          Timestamp,
          Interval,
          Duration,
          ListView,
          LargeListView,
          RunEndEncoded ->
          false;
    };
  }

  private static String name(ArrowType type) {
    return type instanceof ArrowType.Int number
        ? (number.getIsSigned() ? "Int" : "UInt") + number.getBitWidth()
        : type.getTypeID().name();
  }
}
