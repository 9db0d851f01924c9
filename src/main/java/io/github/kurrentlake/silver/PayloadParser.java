package io.github.kurrentlake.silver;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;

import io.github.kurrentlake.payload.ElementsReader;
import io.github.kurrentlake.payload.Field;
import io.github.kurrentlake.payload.PayloadReader;
import io.github.kurrentlake.payload.Problem;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Turns events into a projection's rows, or into the reasons why they are none. */
public final class PayloadParser {
  /** The version of how values are read; raised when the same payload may give another row. */
  static final String READING = "2";

  /** The type of a list of problems; {@code column} is null when the whole event is meant. */
  static final String PROBLEMS =
      "ARRAY<STRUCT<column: STRING, rule: STRING, message: STRING, value: STRING>>";

  private static final String READ = "read";

  /** Which row of its event a parsed row is, from 1. */
  private static final String NUMBER = "kurrentlake_number";

  private final Projection projection;
  private final UserDefinedFunction reading;

  /** Whether a parsed row is the only one of its event, or the first. */
  static final Column IS_EVENT = functions.col("is_event");

  /**
   * A parser of the projection's events.
   *
   * @param zone the zone of timestamps that name none
   */
  public PayloadParser(Projection projection, ZoneId zone) {
    this.projection = projection;
    this.reading =
        udf(
            new Reading(projection.fields(), projection.exploded(), zone),
            projection.isExploding()
                ? DataTypes.createArrayType(type(projection.fields()), false)
                : type(projection.fields()));
  }

  /**
   * One row, or several, for each of these events that is of the projection's types: {@code row}, a
   * struct of exactly the table's columns in their order; {@code stream}, {@code schema_name},
   * {@code data}, {@code log_position} as in the event; and {@code errors}, never null. When it is
   * empty, the row belongs in Silver, otherwise the event belongs in quarantine. An entry of {@code
   * errors} has the {@code column}, null when the whole event is meant; the {@link
   * io.github.kurrentlake.payload.Rule}; a message; and the beginning of the offending value, null
   * when there is none. {@code is_event} is true but for the second and further rows of an event of
   * an exploding projection.
   *
   * @param events rows with at least stream, schema_name, data and log_position, in a session whose
   *     time zone is UTC
   */
  public Dataset<Row> parse(Dataset<Row> events) {
    return events
        .filter(col("schema_name").isInCollection(projection.eventTypes()))
        .select(
            col("stream"),
            col("schema_name"),
            col("data"),
            col("log_position"),
            rows(reading.apply(col("data").cast("BINARY"), col("stream"))).as(READ))
        .select(
            struct(columns()).as("row"),
            col("stream"),
            col("schema_name"),
            col("data"),
            col("log_position"),
            col(READ + ".errors").as("errors"),
            col(READ).getField(NUMBER).leq(1).as("is_event"));
  }

  private Column rows(Column read) {
    return projection.isExploding() ? functions.explode(read) : read;
  }

  /** What the table's columns are in the order of the table. */
  private Column[] columns() {
    var isRead =
        Stream.concat(
                projection.fields().stream().map(field -> field.column().name()),
                Stream.of("warnings"))
            .toList();
    return projection.table().columns().stream()
        .map(
            column -> {
              if (projection.isExploding() && column.name().equals(Projection.ORDINAL)) {
                return col(READ).getField(NUMBER).as(Projection.ORDINAL);
              }
              return isRead.contains(column.name())
                  ? col(READ).getField(column.name()).as(column.name())
                  : col(column.name());
            })
        .toArray(Column[]::new);
  }

  private static StructType type(List<Field> fields) {
    var type = new StructType();
    for (var field : fields) {
      type = type.add(field.column().name(), DataType.fromDDL(field.column().type()));
    }
    var problems = DataType.fromDDL(PROBLEMS);
    return type.add("warnings", problems)
        .add("errors", problems, false)
        .add(NUMBER, DataTypes.IntegerType, false);
  }

  /**
   * Reads a payload into a row of the fields' values, the warnings (null for none), the errors, and
   * the ordinal; or into an array of such rows.
   */
  private static final class Reading implements UDF2<byte[], String, Object> {
    private final List<Field> fields;
    private final List<String> exploded;
    private final ZoneId zone;
    private transient PayloadReader reader;
    private transient ElementsReader elements;

    Reading(List<Field> fields, List<String> exploded, ZoneId zone) {
      this.fields = fields;
      this.exploded = exploded;
      this.zone = zone;
    }

    @Override
    public Object call(byte[] data, String stream) {
      if (!exploded.isEmpty()) {
        elements = elements == null ? new ElementsReader(fields, exploded, zone) : elements;
        return elements.read(data, stream).stream()
            .map(row -> row(row.reading(), row.ordinal()))
            .toArray(Row[]::new);
      }
      reader = reader == null ? new PayloadReader(fields, zone) : reader;
      return row(reader.read(data, stream), 1);
    }

    private Row row(PayloadReader.Reading read, int ordinal) {
      var row = read.values().toArray(new Object[fields.size() + 3]);
      row[fields.size()] = read.warnings().isEmpty() ? null : rows(read.warnings());
      row[fields.size() + 1] = rows(read.errors());
      row[fields.size() + 2] = ordinal;
      return RowFactory.create(row);
    }

    private static Row[] rows(List<Problem> problems) {
      return problems.stream()
          .map(
              problem ->
                  RowFactory.create(
                      problem.column(), problem.rule().text(), problem.message(), problem.value()))
          .toArray(Row[]::new);
    }
  }
}
