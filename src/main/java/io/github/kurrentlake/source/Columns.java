package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.spark.sql.vectorized.ArrowColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** Shows the vectors of a stream to Spark without a copy. */
final class Columns {
  private Columns() {}

  /** The first vectors of the stream as these columns; the driver loads every batch into them. */
  static ColumnarBatch wrap(VectorSchemaRoot root, List<SourceColumn> columns) {
    var vectors = new ColumnVector[columns.size()];
    for (var i = 0; i < vectors.length; i++) {
      if (i >= root.getFieldVectors().size()) {
        throw ErrorCode.COLUMN_DIFFERS
            .error()
            .with("column", columns.get(i).name())
            .with("wanted", columns.get(i).type().sql())
            .with("KurrentDB has", i + " columns");
      }
      vectors[i] = wrap(root.getVector(i), columns.get(i));
    }
    return new ColumnarBatch(vectors);
  }

  static long bytes(VectorSchemaRoot root) {
    return root.getFieldVectors().stream().mapToLong(FieldVector::getBufferSize).sum();
  }

  private static ColumnVector wrap(FieldVector vector, SourceColumn column) {
    var arrow = vector.getField().getType();
    if (!column.isHeldBy(arrow)) {
      throw ErrorCode.COLUMN_DIFFERS
          .error()
          .with("column", column.name())
          .with("wanted", column.type().sql())
          .with("KurrentDB has", arrow);
    }
    return new ArrowColumnVector(vector);
  }
}
