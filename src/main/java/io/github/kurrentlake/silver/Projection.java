package io.github.kurrentlake.silver;

import static io.github.kurrentlake.table.Column.optional;
import static io.github.kurrentlake.table.Column.required;
import static org.apache.spark.sql.functions.col;

import io.github.kurrentlake.payload.Field;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.Sha256;
import io.github.kurrentlake.table.TableDeclaration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How events of some types become rows of one Silver table: the single declaration from which the
 * table, the parsing and the stream follow. One row is one event; the key is {@code log_position},
 * with {@code ordinal} where an event is several rows.
 *
 * @param name the table's name in the schema {@code silver}
 * @param comment what one row is
 * @param category the streams it takes events of; empty for those of every category
 * @param eventTypes the {@code schema_name}s it takes
 * @param fields the typed columns, in their order
 * @param exploded the keys that lead to an array of which each object is a row; empty when an event
 *     is one
 * @param failAbove the share of a run's events that may go to quarantine before the task fails, in
 *     0 to 1; with 1 it never does
 */
public record Projection(
    String name,
    String comment,
    Optional<String> category,
    List<String> eventTypes,
    List<Field> fields,
    List<String> exploded,
    double failAbove) {
  /** The column that numbers the rows of one event. */
  public static final String ORDINAL = "ordinal";

  /**
   * The columns that no field can have the name of; those of one that explodes, {@link #ORDINAL}.
   */
  public static final Set<String> OWN_COLUMNS =
      Set.of("stream", "schema_name", "log_position", "warnings");

  private static final double NEVER = 1;

  public Projection {
    if (!(failAbove >= 0 && failAbove <= 1)) {
      throw new IllegalArgumentException("a share is in 0 to 1");
    }
    eventTypes = List.copyOf(eventTypes);
    fields = List.copyOf(fields);
    exploded = List.copyOf(exploded);
  }

  public static Projection of(String name, String comment, String... eventTypes) {
    return new Projection(
        name, comment, Optional.empty(), List.of(eventTypes), List.of(), List.of(), NEVER);
  }

  public Projection fields(Field... declared) {
    return new Projection(
        name, comment, category, eventTypes, List.of(declared), exploded, failAbove);
  }

  /** The same of the streams of one category alone: Bronze may hold others. */
  public Projection ofCategory(String only) {
    return new Projection(
        name, comment, Optional.of(only), eventTypes, fields, exploded, failAbove);
  }

  /**
   * The same with a row for each object of an array: of a field whose places lie below it the value
   * is that of the object. The column {@code ordinal} counts them from 1; it is 0 in the only row
   * of an event that has none.
   *
   * @param path the keys that lead to the array, as {@link Field#text} takes them
   */
  public Projection exploding(String path) {
    return new Projection(name, comment, category, eventTypes, fields, Field.keys(path), failAbove);
  }

  /** Whether an event may be several rows. */
  public boolean isExploding() {
    return !exploded.isEmpty();
  }

  /** Of the table's rows one for each event. */
  public Dataset<Row> silverEvents(Dataset<Row> rows) {
    return isExploding() ? rows.filter(col(ORDINAL).leq(1)) : rows;
  }

  /** Of the rows of Bronze those that it takes. */
  public org.apache.spark.sql.Column takes() {
    var isOfItsTypes = col("schema_name").isInCollection(eventTypes);
    return category
        .map(only -> isOfItsTypes.and(col("category").equalTo(only)))
        .orElse(isOfItsTypes);
  }

  /**
   * Lets the task fail when more than this share of a run's events goes to quarantine, after all of
   * them are stored.
   */
  public Projection failAbove(double share) {
    return new Projection(name, comment, category, eventTypes, fields, exploded, share);
  }

  /**
   * The Silver table: the stream, the event type where there are several, the fields, the position,
   * and what the reading of this event could not make sense of.
   */
  public TableDeclaration table() {
    var columns = new ArrayList<Column>();
    columns.add(required("stream", "STRING", "Stream of the event").personal());
    if (hasSeveralTypes()) {
      columns.add(required("schema_name", "STRING", "Event type"));
    }
    fields.forEach(field -> columns.add(field.column()));
    columns.add(required("log_position", "BIGINT", "Position of the event in KurrentDB's log"));
    if (isExploding()) {
      columns.add(
          required(ORDINAL, "INT", "Number of the element, from 1; 0 for an event without any"));
    }
    columns.add(
        optional(
                "warnings",
                PayloadParser.PROBLEMS,
                "Values that did not fit and are null in this row; null when there are none")
            .personal());
    return TableDeclaration.table("silver", name, comment)
        .columns(columns)
        .reliableKey(
            isExploding() ? new String[] {"log_position", ORDINAL} : new String[] {"log_position"})
        .property("delta.isolationLevel", "Serializable")
        .changeFeed()
        .statisticsOf("log_position");
  }

  /**
   * A hash of all that can change a row: when it differs, an event that was refused may now be
   * accepted. Comments are not in it, nor is the category, nor what a task makes of refused events.
   *
   * @param zone the zone of timestamps that name none
   */
  public String fingerprint(ZoneId zone) {
    var text =
        new StringBuilder(PayloadParser.READING)
            .append('\n')
            .append(hasTimes() ? zone.normalized() : "")
            .append('\n')
            .append(name)
            .append('\n')
            .append(eventTypes);
    if (isExploding()) {
      text.append('\n').append(exploded);
    }
    fields.forEach(
        field ->
            text.append('\n')
                .append(field.column().name())
                .append(' ')
                .append(field.kind() == Field.Kind.JSON ? field.kind() : field.column().type())
                .append(' ')
                .append(field.paths())
                .append(' ')
                .append(field.fallback())
                .append(' ')
                .append(field.ifMissing())
                .append(' ')
                .append(field.ifBad())
                .append(' ')
                .append(field.calendar()));
    return Sha256.hex(text.toString());
  }

  /** The name of the stream's checkpoint, which the guide gave to its notebooks. */
  String checkpoint() {
    return "silver_" + name;
  }

  private boolean hasTimes() {
    return fields.stream().anyMatch(field -> field.kind() == Field.Kind.TIMESTAMP);
  }

  private boolean hasSeveralTypes() {
    return eventTypes.size() > 1;
  }
}
