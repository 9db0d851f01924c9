package io.github.kurrentlake.source;

import java.io.Serializable;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A table that KurrentDB lets clients query.
 *
 * @param index the name of a user-defined index; empty for all records
 */
record LogTable(String index) implements Serializable {
  static final LogTable RECORDS = new LogTable("");

  /** KurrentDB's own rule; it also keeps everything but a name out of the SQL. */
  private static final Pattern INDEX_NAME = Pattern.compile("[a-z][a-z0-9_-]*");

  private static final Set<String> RECORDS_LOG_COLUMNS =
      Set.of(RecordColumns.DATA, RecordColumns.METADATA);
  private static final Set<String> USER_LOG_COLUMNS =
      Set.of(
          RecordColumns.DATA,
          RecordColumns.METADATA,
          RecordColumns.STREAM,
          RecordColumns.SCHEMA_NAME);

  static LogTable userIndex(String name) {
    if (!INDEX_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("the name of a user-defined index: a-z, 0-9, _ and -");
    }
    return new LogTable(name);
  }

  boolean isUserIndex() {
    return !index.isEmpty();
  }

  /**
   * Whether KurrentDB answers for this column without reading the log record by record. Filters and
   * aggregates over other columns stay in Spark, since they would be part of planning queries.
   */
  boolean isIndexed(String column) {
    return !(isUserIndex() ? USER_LOG_COLUMNS : RECORDS_LOG_COLUMNS).contains(column);
  }

  /** How the table is written in SQL. */
  @Override
  public String toString() {
    return isUserIndex() ? "usr." + Quoted.identifier(index) : "kdb.records";
  }
}
