package io.github.kurrentlake.bronze;

import io.github.kurrentlake.source.RecordIds;
import java.util.UUID;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** Record ids in Bronze: the UUID that producers wrote, as text. */
final class RecordId {
  /** A function, since Spark's own hex and lower took a seventh of all the time of Bronze. */
  private static final UserDefinedFunction UUID_TEXT =
      functions.udf((UDF1<byte[], String>) RecordId::text, DataTypes.StringType);

  private RecordId() {}

  /** The UUID as text; null when KurrentDB has no id. */
  static Column uuid(Column memory) {
    return UUID_TEXT.apply(memory);
  }

  private static String text(byte[] memory) {
    return RecordIds.uuid(memory).map(UUID::toString).orElse(null);
  }
}
