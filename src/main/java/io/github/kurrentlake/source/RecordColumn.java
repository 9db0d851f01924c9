package io.github.kurrentlake.source;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of {@code kdb.records} in KurrentDB's order, as Spark shows them. All are nullable,
 * since the wire promises nothing else.
 */
public enum RecordColumn {
  LOG_POSITION("BIGINT", "log_position"),
  COMMIT_POSITION("BIGINT", "commit_position"),
  STREAM_REVISION("BIGINT", "stream_revision"),
  /** Milliseconds on the server, a timestamp in UTC here. */
  CREATED_AT("TIMESTAMP", "epoch_ms(created_at)"),
  EXPIRES_AT("BIGINT", "expires_at"),
  STREAM("STRING", "stream"),
  /** Unsigned on the server, which Spark lacks. */
  STREAM_HASH("DECIMAL(20, 0)", "CAST(stream_hash AS DECIMAL(20, 0))"),
  SCHEMA_NAME("STRING", "schema_name"),
  CATEGORY("STRING", "category"),
  DELETED("BOOLEAN", "deleted"),
  SCHEMA_ID("STRING", "schema_id"),
  SCHEMA_FORMAT("STRING", "schema_format"),
  /** A .NET Guid's memory: the first three groups are little-endian. */
  RECORD_ID("BINARY", "record_id"),
  DATA("STRING", "data"),
  METADATA("STRING", "metadata");

  private final String type;
  private final String expression;

  RecordColumn(String type, String expression) {
    this.type = type;
    this.expression = expression;
  }

  /** The column's name in Spark and in KurrentDB. */
  public String column() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What KurrentDB computes for it. */
  String expression() {
    return expression;
  }

  static RecordColumn of(String column) {
    return valueOf(column.toUpperCase(Locale.ROOT));
  }

  static StructType schema() {
    return StructType.fromDDL(
        Arrays.stream(values())
            .map(column -> column.column() + " " + column.type)
            .collect(Collectors.joining(", ")));
  }
}
