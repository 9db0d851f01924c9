package io.github.kurrentlake.embedded.kurrentdb;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The columns of kdb.records, as an events file may have them. */
enum EventsFileColumn {
  LOG_POSITION("log_position"),
  COMMIT_POSITION("commit_position"),
  STREAM_REVISION("stream_revision"),
  CREATED_AT("created_at"),
  EXPIRES_AT("expires_at"),
  STREAM("stream"),
  STREAM_HASH("stream_hash"),
  SCHEMA_NAME("schema_name"),
  CATEGORY("category"),
  DELETED("deleted"),
  SCHEMA_ID("schema_id"),
  SCHEMA_FORMAT("schema_format"),
  RECORD_ID("record_id"),
  DATA("data"),
  METADATA("metadata");

  private static final Map<String, EventsFileColumn> BY_NAME =
      Stream.of(values()).collect(Collectors.toMap(column -> column.label, column -> column));

  private final String label;

  EventsFileColumn(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  boolean required() {
    return switch (this) {
      case LOG_POSITION, STREAM, SCHEMA_NAME, CREATED_AT, DATA -> true;
      case COMMIT_POSITION,
          STREAM_REVISION,
          EXPIRES_AT,
          STREAM_HASH,
          CATEGORY,
          DELETED,
          SCHEMA_ID,
          SCHEMA_FORMAT,
          RECORD_ID,
          METADATA ->
          false;
    };
  }

  /** Null for a name that kdb.records does not have; case matters. */
  static EventsFileColumn named(String name) {
    return BY_NAME.get(name);
  }
}
