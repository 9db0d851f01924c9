package io.github.kurrentlake.embedded.kurrentdb;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A user-defined index over the JSON events of one type, queried as {@code usr.<name>}. KurrentDB
 * evaluates a JavaScript function when it indexes an event; here a field is a JSON path that is
 * read when the index is queried. An event that has none of the fields is not in the index, so that
 * a scavenged one leaves it.
 */
public final class UserIndex {
  /** The types that KurrentDB knows for a field. */
  public enum FieldType {
    STRING("VARCHAR"),
    DOUBLE("DOUBLE"),
    INT_32("INTEGER"),
    INT_64("BIGINT");

    private final String sqlType;

    FieldType(String sqlType) {
      this.sqlType = sqlType;
    }
  }

  private record Field(FieldType type, String path) {}

  private final String eventType;
  private final Map<String, Field> fields = new LinkedHashMap<>();

  private UserIndex(String eventType) {
    this.eventType = eventType;
  }

  public static UserIndex ofEventType(String eventType) {
    return new UserIndex(eventType);
  }

  /**
   * Adds the column {@code field_<name>}.
   *
   * @param path as DuckDB writes it, such as {@code $.Address.Country}; NULL where it is missing
   */
  public UserIndex field(String name, FieldType type, String path) {
    fields.put(name, new Field(type, path));
    return this;
  }

  /** The columns in KurrentDB's order: index columns, fields, then what is read from the log. */
  String definition() {
    var columns =
        fields.entrySet().stream()
            .map(field -> column(field.getKey(), field.getValue()) + ", ")
            .collect(Collectors.joining());
    var present =
        fields.keySet().stream()
            .map(field -> LogDatabase.identifier("field_" + field) + " IS NOT NULL")
            .collect(Collectors.joining(" OR "));
    return "SELECT log_position, commit_position, stream_revision, created_at, "
        + columns
        + "record_id, data, metadata, stream, schema_name FROM idx_all_snapshot"
        + " WHERE schema_format = 'Json' AND schema_name = "
        + literal(eventType)
        + (present.isEmpty() ? "" : " AND (" + present + ")");
  }

  private static String column(String name, Field field) {
    return "TRY_CAST(CASE WHEN json_valid(data) THEN json_extract_string(data, %s) END AS %s) AS %s"
        .formatted(
            literal(field.path()), field.type().sqlType, LogDatabase.identifier("field_" + name));
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
