package io.github.kurrentlake.bronze;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * KurrentDB gives a record id as a .NET Guid's memory, whose first three groups are little-endian.
 * Bronze holds the UUID that producers wrote.
 */
final class RecordId {
  private static final int BYTES = 16;

  /** A function, since Spark's own hex and lower took a seventh of all the time of Bronze. */
  private static final UserDefinedFunction UUID_TEXT =
      functions.udf((UDF1<byte[], String>) RecordId::text, DataTypes.StringType);

  private RecordId() {}

  /** The UUID as text; null when KurrentDB has no id. */
  static Column uuid(Column memory) {
    return UUID_TEXT.apply(memory);
  }

  private static String text(byte[] memory) {
    if (memory == null || memory.length != BYTES) {
      return null;
    }
    var guid = ByteBuffer.wrap(memory);
    var high =
        (long) Integer.reverseBytes(guid.getInt()) << 32
            | (Short.reverseBytes(guid.getShort()) & 0xFFFFL) << 16
            | (Short.reverseBytes(guid.getShort()) & 0xFFFFL);
    return new UUID(high, guid.getLong()).toString();
  }
}
