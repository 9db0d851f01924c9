package io.github.kurrentlake.embedded.kurrentdb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;

/**
 * Turns a client's SQL into the SQL that DuckDB runs, on DuckDB's own syntax tree. What KurrentDB
 * refuses is refused here and with the same words; its quirks are kept, because clients meet them:
 * a table that stands directly in a join is neither checked nor renamed, and a CTE is a table
 * without a schema.
 */
final class SqlRewriter {
  static final String RECORDS = "idx_all_snapshot";
  static final String USER_INDEX = "idx_user__";
  private static final Pattern INDEX_NAME = Pattern.compile("[a-z][a-z0-9_-]*");
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private SqlRewriter() {}

  /**
   * The SQL to run; parameters become {@code $1}, {@code $2}, ... in their order.
   *
   * @throws RefusedQueryException for SQL that KurrentDB does not accept
   */
  static String rewrite(Connection connection, String sql)
      throws SQLException, RefusedQueryException {
    try {
      var tree = JSON.readTree(apply(connection, "SELECT json_serialize_sql(?::VARCHAR)", sql));
      if (tree.path("error").asBoolean(true)) {
        throw new RefusedQueryException(
            tree.path("error_type").asText() + ": " + tree.path("error_message").asText());
      }
      if (tree.path("statements").size() != 1) {
        // The driver would run all statements but the last while it prepares.
        throw new RefusedQueryException("Not a single statement");
      }
      visit(tree);
      return apply(
          connection, "SELECT json_deserialize_sql(?::JSON)", JSON.writeValueAsString(tree));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("DuckDB's syntax tree is not JSON", e);
    }
  }

  /** The view behind {@code usr.<index>}. */
  static String viewOf(String index) throws RefusedQueryException {
    if (!INDEX_NAME.matcher(index).matches()) {
      throw new RefusedQueryException("Invalid view name: " + index);
    }
    return USER_INDEX + index + "_view";
  }

  private static void visit(JsonNode node) throws RefusedQueryException {
    for (var field : node.properties()) {
      if (field.getKey().equals("from_table")) {
        visitFrom(field.getValue());
      } else {
        visit(field.getValue());
      }
    }
    if (node.isArray()) {
      for (var element : node) {
        visit(element);
      }
    }
  }

  private static void visitFrom(JsonNode from) throws RefusedQueryException {
    var type = from.path("type").asText();
    switch (type) {
      case "BASE_TABLE" -> rename((ObjectNode) from);
      case "JOIN" -> {
        visit(from.path("left"));
        visit(from.path("right"));
      }
      case "SUBQUERY" -> visit(from.path("subquery"));
      default -> throw new RefusedQueryException("Unsupported query data source '" + type + "'");
    }
  }

  private static void rename(ObjectNode table) throws RefusedQueryException {
    var schema = table.path("schema_name").asText();
    var name = table.path("table_name").asText();
    table.put(
        "table_name",
        switch (schema) {
          case "kdb" -> {
            if (!name.equals("records")) {
              throw new RefusedQueryException("System table '" + name + "' is not supported");
            }
            yield RECORDS;
          }
          case "usr" -> viewOf(name);
          default -> throw new RefusedQueryException("Schema '" + schema + "' is not supported");
        });
    table.put("schema_name", "");
  }

  private static String apply(Connection connection, String function, String argument)
      throws SQLException {
    try (var statement = connection.prepareStatement(function)) {
      statement.setString(1, argument);
      try (var result = statement.executeQuery()) {
        result.next();
        return result.getString(1);
      }
    }
  }

  /** KurrentDB would not run this SQL; the message is for the server's log only. */
  static final class RefusedQueryException extends Exception {
    RefusedQueryException(String reason) {
      super(reason);
    }
  }
}
