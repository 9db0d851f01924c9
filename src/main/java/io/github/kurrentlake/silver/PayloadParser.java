package io.github.kurrentlake.silver;

import io.github.kurrentlake.table.Sql;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;

/** Turns events into a projection's rows with a single parse of the payload for all its fields. */
final class PayloadParser {
  private static final String PAYLOAD = "payload";

  private final Projection projection;

  PayloadParser(Projection projection) {
    this.projection = projection;
  }

  /**
   * The projection's rows of these events.
   *
   * @param events rows with at least stream, schema_name, data and log_position
   */
  Dataset<Row> rows(Dataset<Row> events) {
    var parsed =
        functions.from_json(
            functions.col("data"), DataType.fromDDL(payloadSchema()), Map.of("mode", "PERMISSIVE"));
    return events
        .filter(functions.col("schema_name").isInCollection(projection.eventTypes()))
        .withColumn(PAYLOAD, parsed)
        .select(columns());
  }

  private Column[] columns() {
    var expressions =
        projection.fields().stream()
            .collect(Collectors.toMap(field -> field.column().name(), PayloadParser::expression));
    return projection.table().columns().stream()
        .map(
            column ->
                functions
                    .expr(expressions.getOrDefault(column.name(), Sql.identifier(column.name())))
                    .as(column.name()))
        .toArray(Column[]::new);
  }

  private static String expression(Field field) {
    var path = field.path().stream().map(Sql::identifier).collect(Collectors.joining("."));
    return field.kind().convert(PAYLOAD + "." + path);
  }

  /** The needed keys only, as a struct of structs. */
  private String payloadSchema() {
    return struct(projection.fields(), 0);
  }

  private static String struct(List<Field> fields, int depth) {
    var byKey = new LinkedHashMap<String, List<Field>>();
    fields.forEach(
        field ->
            byKey.computeIfAbsent(field.path().get(depth), key -> new ArrayList<>()).add(field));
    return byKey.entrySet().stream()
        .map(entry -> Sql.identifier(entry.getKey()) + ": " + type(entry.getValue(), depth))
        .collect(Collectors.joining(", ", "STRUCT<", ">"));
  }

  private static String type(List<Field> fields, int depth) {
    var first = fields.get(0);
    return first.path().size() == depth + 1 ? first.kind().jsonType() : struct(fields, depth + 1);
  }
}
