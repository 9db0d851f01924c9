package io.github.kurrentlake.lakebase.source;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** What a row says of the change that it is, in columns behind the table's own. */
public enum ChangeColumn {
  /** {@code insert}, {@code update}, {@code upsert} or {@code delete}. */
  PG_CHANGE_TYPE("_pg_change_type", false),
  /** The transaction, as a 64 bit number; null in mode MONOTONIC and where it is not known. */
  PG_XID("_pg_xid", true),
  /** Where the change stands in the write-ahead log; mode SLOT only. */
  PG_LSN("_pg_lsn", true),
  /** Ascends for every key with the source's order. */
  SEQUENCE("_sequence", false),
  /** The position of the stream that includes the row. */
  POSITION("_position", false),
  /** When the change was committed (mode SLOT) or read. */
  TIMESTAMP("_timestamp", false);

  private final String column;
  private final boolean nullable;

  ChangeColumn(String column, boolean nullable) {
    this.column = column;
    this.nullable = nullable;
  }

  public String column() {
    return column;
  }

  DataType type() {
    return switch (this) {
      case PG_XID, SEQUENCE -> DataTypes.LongType;
      case TIMESTAMP -> DataTypes.TimestampType;
      case PG_CHANGE_TYPE, PG_LSN, POSITION -> DataTypes.StringType;
    };
  }

  boolean nullable() {
    return nullable;
  }

  /** The names of all, in lower case. */
  public static List<String> names() {
    return Arrays.stream(values()).map(change -> change.column.toLowerCase(Locale.ROOT)).toList();
  }
}
