package io.github.kurrentlake.source;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of {@code kdb.records}, without those that KurrentDB never fills or derives from
 * others: {@code expires_at}, {@code deleted} and {@code stream_hash}.
 */
public final class RecordColumns {
  public static final String LOG_POSITION = "log_position";
  public static final String COMMIT_POSITION = "commit_position";
  public static final String STREAM_REVISION = "stream_revision";

  /** Milliseconds on the server, a timestamp in Spark. */
  public static final String CREATED_AT = "created_at";

  public static final String STREAM = "stream";
  public static final String SCHEMA_NAME = "schema_name";
  public static final String CATEGORY = "category";
  public static final String SCHEMA_ID = "schema_id";
  public static final String SCHEMA_FORMAT = "schema_format";

  /** See {@link RecordIds}. */
  public static final String RECORD_ID = "record_id";

  public static final String DATA = "data";
  public static final String METADATA = "metadata";

  /** All of them as Spark shows them, in the server's order. */
  public static final StructType SCHEMA =
      new StructType()
          .add(LOG_POSITION, DataTypes.LongType)
          .add(COMMIT_POSITION, DataTypes.LongType)
          .add(STREAM_REVISION, DataTypes.LongType)
          .add(CREATED_AT, DataTypes.TimestampType)
          .add(STREAM, DataTypes.StringType)
          .add(SCHEMA_NAME, DataTypes.StringType)
          .add(CATEGORY, DataTypes.StringType)
          .add(SCHEMA_ID, DataTypes.StringType)
          .add(SCHEMA_FORMAT, DataTypes.StringType)
          .add(RECORD_ID, DataTypes.BinaryType)
          .add(DATA, DataTypes.StringType)
          .add(METADATA, DataTypes.StringType);

  private RecordColumns() {}
}
