package io.github.kurrentlake.silver;

import static io.github.kurrentlake.table.Sql.identifier;
import static io.github.kurrentlake.table.Sql.literal;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.when;

import io.github.kurrentlake.silver.Field.Outcome;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Turns events into a projection's rows, or into the reasons why they are none, with a single parse
 * of the payload for all its fields. Only where that fails, a second parse finds out why.
 *
 * <p>The steps are projections one above the other. Spark does not merge them, since each uses the
 * results of the one below several times; merged, it would parse once per use.
 */
public final class PayloadParser {
  /** The version of how values are read; raised when the same payload may give another row. */
  static final String READING = "1";

  private static final List<String> EVENT =
      List.of("stream", "schema_name", "data", "log_position");

  private static final String PARSED = "parsed";
  private static final String REPARSED = "reparsed";
  private static final String FAILED = "failed";
  private static final String JSON_SPACE = " \t\r\n";

  private final Projection projection;
  private final List<Field> fields;
  private final PayloadSchema schema;
  private final ValueReader reader;

  /**
   * A parser of the projection's events.
   *
   * @param zone the zone of timestamps that name none
   */
  public PayloadParser(Projection projection, ZoneId zone) {
    this.projection = projection;
    this.fields = projection.fields();
    this.schema = new PayloadSchema(fields);
    this.reader = new ValueReader(zone);
  }

  /**
   * One row for each of these events that is of the projection's types: {@code row}, a struct of
   * exactly the table's columns in their order; {@code stream}, {@code schema_name}, {@code data},
   * {@code log_position} as in the event; and {@code errors}, never null. When it is empty, the row
   * belongs in Silver, otherwise the event belongs in quarantine. An entry of {@code errors} has
   * the {@code column}, null when the whole event is meant; the {@link Rule}; a message; and the
   * beginning of the offending value, null when there is none.
   *
   * @param events rows with at least stream, schema_name, data and log_position, in a session whose
   *     time zone is UTC
   */
  public Dataset<Row> parse(Dataset<Row> events) {
    var claimed = events.filter(col("schema_name").isInCollection(projection.eventTypes()));
    var parsed = step(claimed, List.of(schema.parse(col("data")).as(PARSED)));
    return step(step(parsed, values()), List.of(expr(row()).as("row"), expr(errors()).as("errors")))
        .select("row", "stream", "schema_name", "data", "log_position", "errors");
  }

  private static Dataset<Row> step(Dataset<Row> rows, List<Column> results) {
    var columns = new ArrayList<Column>();
    EVENT.forEach(name -> columns.add(col(name)));
    columns.addAll(results);
    return rows.select(columns.toArray(Column[]::new));
  }

  /** Text and value of every field, and a parse without expectations where the first one failed. */
  private List<Column> values() {
    var failed =
        "NOT (%s AND %s IS NOT NULL)"
            .formatted(PayloadSchema.isJson(PARSED), PayloadSchema.payload(PARSED));
    var columns = new ArrayList<Column>();
    columns.add(expr(failed).as(FAILED));
    columns.add(when(expr(failed), PayloadSchema.parseAnything(col("data"))).as(REPARSED));
    for (var field : fields) {
      columns.add(expr(found(field)).as(text(field)));
      if (ValueReader.mayMisfit(field.kind())) {
        columns.add(expr(reader.read(field.kind(), found(field))).as(value(field)));
      }
    }
    return columns;
  }

  /** What the event holds for a field. */
  private String found(Field field) {
    var values = field.paths().stream().map(path -> schema.value(PARSED, path)).toList();
    var first =
        values.size() == 1 ? values.get(0) : "coalesce(%s)".formatted(String.join(", ", values));
    return switch (field.fallback()) {
      case NOWHERE -> first;
      case STREAM_NAME ->
          """
          CASE WHEN %1$s <> '' THEN %1$s
               WHEN instr(stream, '-') BETWEEN 1 AND length(stream) - 1
                 THEN substring(stream, instr(stream, '-') + 1) END"""
              .formatted(first);
    };
  }

  /** Why no field of an event can be read. */
  private String reason() {
    return """
        CASE
          WHEN NOT failed THEN %s
          WHEN coalesce(data, '') IN ('', '""') THEN %s
          WHEN NOT %s THEN %s
          WHEN octet_length(data) %% 4 = 2 AND data RLIKE '^"[A-Za-z0-9+/]*={0,2}"$' THEN %s
          WHEN data RLIKE concat('^[', %s, ']*[{]') THEN %s
          ELSE %s
        END"""
        .formatted(
            Problems.ofEvent(Rule.EMPTY),
            Problems.ofEvent(Rule.REDACTED),
            PayloadSchema.isJson(REPARSED),
            Problems.ofEvent(Rule.NOT_JSON),
            Problems.ofEvent(Rule.BINARY),
            literal(JSON_SPACE),
            Problems.ofEvent(Rule.WRONG_SHAPE, noObject()),
            Problems.ofEvent(Rule.WRONG_SHAPE, "the payload is not an object"));
  }

  private String noObject() {
    return schema.objects().isEmpty()
        ? "a value cannot be read"
        : "not an object: " + String.join(", ", schema.objects());
  }

  /** The table's columns. */
  private String row() {
    var expressions =
        fields.stream()
            .collect(Collectors.toMap(field -> field.column().name(), PayloadParser::value));
    expressions.put("warnings", warnings());
    return projection.table().columns().stream()
        .map(
            column ->
                literal(column.name())
                    + ", "
                    + expressions.getOrDefault(column.name(), identifier(column.name())))
        .collect(Collectors.joining(", ", "named_struct(", ")"));
  }

  private String warnings() {
    var misfits = new Problems();
    fields.stream()
        .filter(field -> field.ifBad() == Outcome.NULL)
        .forEach(field -> addMisfit(misfits, field));
    return misfits.list(Problems.noList());
  }

  private String errors() {
    var checks = new Problems();
    for (var field : fields) {
      if (field.ifMissing() == Outcome.QUARANTINE) {
        checks.add(
            text(field) + " IS NULL",
            Problems.ofColumn(
                field.column().name(),
                Rule.MISSING,
                "no value at " + field.places(),
                "CAST(NULL AS STRING)"));
      }
      if (field.ifBad() == Outcome.QUARANTINE) {
        addMisfit(checks, field);
      }
    }
    // Long payloads are not {}, which spares nearly all of them the comparison.
    return """
        IF(NOT failed AND (octet_length(data) > 50 OR translate(data, %s, '') <> '{}'),
          %s,
          array(%s))"""
        .formatted(literal(JSON_SPACE), checks.list(Problems.none()), reason());
  }

  private static void addMisfit(Problems checks, Field field) {
    if (ValueReader.mayMisfit(field.kind())) {
      checks.add(
          "%s IS NULL AND %s IS NOT NULL".formatted(value(field), text(field)),
          Problems.ofColumn(
              field.column().name(),
              Rule.BAD_VALUE,
              ValueReader.misfit(field.kind()),
              text(field)));
    }
  }

  private static String text(Field field) {
    return "text_of_" + field.column().name();
  }

  /** The value of any text is the text itself. */
  private static String value(Field field) {
    return ValueReader.mayMisfit(field.kind()) ? "value_of_" + field.column().name() : text(field);
  }
}
