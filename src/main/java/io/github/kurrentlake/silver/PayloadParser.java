package io.github.kurrentlake.silver;

import io.github.kurrentlake.table.Sql;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;

/** Turns events into a projection's rows with a single parse of the payload for all its fields. */
public final class PayloadParser {
  /** The type of {@code errors} and {@code warnings}. */
  public static final String PROBLEMS =
      "ARRAY<STRUCT<column: STRING, rule: STRING, message: STRING, value: STRING>>";

  /** The version of how values are read; raised when the same payload may give another row. */
  static final String READING = "1";

  private static final String PAYLOAD = "payload";

  private final Projection projection;

  /**
   * @param zone the zone of timestamps that name none
   */
  public PayloadParser(Projection projection, ZoneId zone) {
    this.projection = projection;
  }

  /**
   * One row for each of these events that is of the projection's types: {@code row}, a struct of
   * exactly the table's columns in their order; {@code stream}, {@code schema_name}, {@code data},
   * {@code log_position} as in the event; and {@code errors}, never null. When it is empty, the row
   * belongs in Silver, otherwise the event belongs in quarantine.
   *
   * @param events rows with at least stream, schema_name, data and log_position
   */
  public Dataset<Row> parse(Dataset<Row> events) {
    var parsed =
        functions.from_json(
            functions.col("data"), DataType.fromDDL(payloadSchema()), Map.of("mode", "PERMISSIVE"));
    return events
        .filter(functions.col("schema_name").isInCollection(projection.eventTypes()))
        .withColumn(PAYLOAD, parsed)
        .selectExpr(
            row() + " AS row",
            "stream",
            "schema_name",
            "data",
            "log_position",
            "IF(payload IS NULL, array(named_struct('column', CAST(NULL AS STRING),"
                + " 'rule', '%s', 'message', 'the payload is not JSON',"
                    .formatted(Rule.NOT_JSON.text())
                + " 'value', substring(data, 1, 200))), CAST(array() AS %s)) AS errors"
                    .formatted(PROBLEMS));
  }

  private String row() {
    var expressions =
        projection.fields().stream()
            .collect(Collectors.toMap(field -> field.column().name(), PayloadParser::expression));
    expressions.put("warnings", "CAST(NULL AS " + PROBLEMS + ")");
    return projection.table().columns().stream()
        .map(
            column ->
                Sql.literal(column.name())
                    + ", "
                    + expressions.getOrDefault(column.name(), Sql.identifier(column.name())))
        .collect(Collectors.joining(", ", "named_struct(", ")"));
  }

  private static String expression(Field field) {
    var path = field.paths().get(0).stream().map(Sql::identifier).collect(Collectors.joining("."));
    var parsed = PAYLOAD + "." + path;
    return switch (field.kind()) {
      case TEXT, INTEGER, FLOAT -> parsed;
      case TIMESTAMP -> "try_to_timestamp(" + parsed + ")";
    };
  }

  private String payloadSchema() {
    return struct(projection.fields(), 0);
  }

  private static String struct(List<Field> fields, int depth) {
    var byKey = new LinkedHashMap<String, List<Field>>();
    fields.forEach(
        field ->
            byKey
                .computeIfAbsent(field.paths().get(0).get(depth), key -> new ArrayList<>())
                .add(field));
    return byKey.entrySet().stream()
        .map(entry -> Sql.identifier(entry.getKey()) + ": " + type(entry.getValue(), depth))
        .collect(Collectors.joining(", ", "STRUCT<", ">"));
  }

  private static String type(List<Field> fields, int depth) {
    var first = fields.get(0);
    return first.paths().get(0).size() == depth + 1
        ? first.kind() == Field.Kind.TIMESTAMP ? "STRING" : first.column().type()
        : struct(fields, depth + 1);
  }
}
