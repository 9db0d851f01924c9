package io.github.kurrentlake.silver;

import static io.github.kurrentlake.table.Sql.identifier;
import static io.github.kurrentlake.table.Sql.literal;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.when;

import io.github.kurrentlake.silver.Field.Outcome;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Turns events into a projection's rows, or into the reasons why they are none, with a single parse
 * of the payload for all its fields. Only where that fails, a second parse finds out why. Nearly
 * all events have nothing to report, and take the short way.
 *
 * <p>The steps are projections one above the other. Spark does not merge them, since each uses the
 * results of the one below several times; merged, it would parse once per use.
 */
public final class PayloadParser {
  /** The version of how values are read; raised when the same payload may give another row. */
  static final String READING = "1";

  private static final List<String> EVENT =
      List.of("stream", "schema_name", "data", "log_position");

  /** The column of {@link #parsePlain} that tells whether there is neither error nor warning. */
  public static final String PLAIN = "is_plain";

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
    return step(
            step(values(events), diagnosis()),
            List.of(expr(row()).as("row"), expr(errors()).as("errors")))
        .select("row", "stream", "schema_name", "data", "log_position", "errors");
  }

  /**
   * The same without a word on what is wrong, which is much less to do: the table's columns, the
   * event's, and {@link #PLAIN}, whether there is nothing to say. Only then the row is meant; it is
   * the one that {@link #parse} gives, which has neither errors nor warnings.
   *
   * @param events as for {@link #parse}
   */
  public Dataset<Row> parsePlain(Dataset<Row> events) {
    var columns = new ArrayList<Column>();
    columnsOfRow("CAST(NULL AS " + Problems.TYPE + ")")
        .forEach((name, value) -> columns.add(expr(value).as(name)));
    EVENT.stream()
        .filter(name -> projection.table().columns().stream().noneMatch(c -> c.name().equals(name)))
        .forEach(name -> columns.add(col(name)));
    columns.add(expr(isPlain()).as(PLAIN));
    return values(events).select(columns.toArray(Column[]::new));
  }

  /** The events of the projection's types with text and value of every field. */
  private Dataset<Row> values(Dataset<Row> events) {
    var claimed = events.filter(col("schema_name").isInCollection(projection.eventTypes()));
    var parsed = step(claimed, List.of(schema.parse(col("data")).as(PARSED)));
    var texts = new ArrayList<Column>(List.of(col(PARSED)));
    fields.forEach(field -> texts.add(expr(found(field)).as(text(field))));
    var values = new ArrayList<Column>(List.of(col(PARSED)));
    for (var field : fields) {
      values.add(col(text(field)));
      if (ValueReader.mayMisfit(field.kind())) {
        values.add(expr(reader.read(field.kind(), text(field))).as(value(field)));
      }
    }
    return step(step(parsed, texts), values);
  }

  private static Dataset<Row> step(Dataset<Row> rows, List<Column> results) {
    var columns = new ArrayList<Column>();
    EVENT.forEach(name -> columns.add(col(name)));
    columns.addAll(results);
    return rows.select(columns.toArray(Column[]::new));
  }

  /** Everything so far, and a parse without expectations where the first one failed. */
  private List<Column> diagnosis() {
    var failed = "NOT " + isObject();
    var columns = new ArrayList<Column>();
    columns.add(expr(failed).as(FAILED));
    columns.add(when(expr(failed), PayloadSchema.parseAnything(col("data"))).as(REPARSED));
    for (var field : fields) {
      columns.add(col(text(field)));
      if (ValueReader.mayMisfit(field.kind())) {
        columns.add(col(value(field)));
      }
    }
    return columns;
  }

  private static String isObject() {
    return "(%s AND %s IS NOT NULL)"
        .formatted(PayloadSchema.isJson(PARSED), PayloadSchema.payload(PARSED));
  }

  /** Long payloads are not {}, which spares nearly all of them the comparison. */
  private static String isNotEmpty() {
    return "(octet_length(data) > 50 OR translate(data, %s, '') <> '{}')"
        .formatted(literal(JSON_SPACE));
  }

  private String isPlain() {
    var conditions = new ArrayList<String>(List.of(isObject(), isNotEmpty()));
    for (var field : fields) {
      if (field.ifMissing() == Outcome.QUARANTINE) {
        conditions.add(text(field) + " IS NOT NULL");
      }
      if (ValueReader.mayMisfit(field.kind())) {
        conditions.add("(%s IS NOT NULL OR %s IS NULL)".formatted(value(field), text(field)));
      }
    }
    return String.join(" AND ", conditions);
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

  private String row() {
    return columnsOfRow(warnings()).entrySet().stream()
        .map(column -> literal(column.getKey()) + ", " + column.getValue())
        .collect(Collectors.joining(", ", "named_struct(", ")"));
  }

  /** The table's columns in their order, by what they are made of. */
  private Map<String, String> columnsOfRow(String warnings) {
    var values = new HashMap<>(Map.of("warnings", warnings));
    fields.forEach(field -> values.put(field.column().name(), value(field)));
    var columns = new LinkedHashMap<String, String>();
    for (var column : projection.table().columns()) {
      var name = column.name();
      columns.put(name, values.getOrDefault(name, identifier(name)));
    }
    return columns;
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
    return "IF(NOT failed AND %s, %s, array(%s))"
        .formatted(isNotEmpty(), checks.list(Problems.none()), reason());
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
