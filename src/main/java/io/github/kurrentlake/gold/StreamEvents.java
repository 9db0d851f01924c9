package io.github.kurrentlake.gold;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The full outer join of a lifecycle's Silver tables on the stream, written as a union that is
 * grouped once: the guide's chain of joins compares neighbours, so that a stream without a middle
 * event falls apart, and a repeated event multiplies rows. Here every stream is one row, and of
 * repeated events the one with the highest position counts.
 *
 * <p>Streams whose events no projection takes come from Bronze, and those whose events are in
 * quarantine from there, so that no entity is missing.
 *
 * <p>The one definition of a lifecycle: a rebuild, a refresh and a question about the past differ
 * in their {@link Scope} alone.
 */
final class StreamEvents {
  private static final SqlTemplate EVENTS = SqlTemplate.beside(StreamEvents.class, "events.sql");
  private static final SqlTemplate MARKED = SqlTemplate.beside(StreamEvents.class, "marked.sql");
  private static final SqlTemplate LATEST = SqlTemplate.beside(StreamEvents.class, "latest.sql");

  private static final String SO_FAR =
      "last(IF(%1$s IS NOT NULL, named_struct('schema_name', schema_name), NULL), true)"
          + " OVER (PARTITION BY stream, incarnation ORDER BY log_position) AS %1$s";

  private final Lakehouse lakehouse;
  private final Lifecycle lifecycle;
  private final Scope scope;
  private final Map<String, Long> versions;

  StreamEvents(Lakehouse lakehouse, Lifecycle lifecycle, Scope scope) {
    this(lakehouse, lifecycle, scope, Map.of());
  }

  private StreamEvents(
      Lakehouse lakehouse, Lifecycle lifecycle, Scope scope, Map<String, Long> versions) {
    this.lakehouse = lakehouse;
    this.lifecycle = lifecycle;
    this.scope = scope;
    this.versions = versions;
  }

  /**
   * The same of former versions of tables.
   *
   * @param former numbers of commits by names of tables; others are read as they are now
   */
  StreamEvents at(Map<String, Long> former) {
    return new StreamEvents(lakehouse, lifecycle, scope, former);
  }

  /** The query that makes the rows of a Gold table. */
  String select(GoldTable table) {
    return table
        .select()
        .fill(
            Map.of(
                "latest", latest(),
                "events", events(),
                "so_far", each(SO_FAR, ",\n    "),
                "bronze",
                    "(SELECT * FROM %s WHERE %s)"
                        .formatted(name(BronzeTables.EVENTS), scope.condition())));
  }

  private String latest() {
    return LATEST.fill(
        Map.of(
            "marked", marked(),
            "latest",
                each("max_by(%1$s, log_position) FILTER (WHERE %1$s IS NOT NULL) AS %1$s", ",\n"),
            "in_life", each("IF(%1$s.log_position >= life.begin, %1$s, NULL) AS %1$s", ",\n"),
            "warnings", each("coalesce(array_size(%s.warnings), 0)", " + ")));
  }

  private String events() {
    return EVENTS.fill(Map.of("marked", marked()));
  }

  private String marked() {
    var parts = new ArrayList<String>();
    lifecycle.perEvent().forEach(projection -> parts.add(part(projection)));
    parts.add(unclaimed());
    parts.add(quarantined());
    return MARKED.fill(
        Map.of(
            "begins", isIn(lifecycle.lives().begin()),
            "ends", isIn(lifecycle.lives().end()),
            "parts", String.join("\n  UNION ALL\n  ", parts)));
  }

  /** The structs of all projections, each in a pattern. */
  private String each(String pattern, String delimiter) {
    return lifecycle.perEvent().stream()
        .map(projection -> pattern.formatted(Sql.identifier(projection.name())))
        .collect(Collectors.joining(delimiter));
  }

  private String part(Projection projection) {
    var type =
        projection.eventTypes().size() > 1
            ? "schema_name"
            : Sql.literal(projection.eventTypes().get(0));
    return "SELECT stream, log_position, %s AS schema_name, false AS is_quarantined, %s FROM %s WHERE %s"
        .formatted(type, structs(projection.name()), name(projection.table()), scope.condition());
  }

  private String unclaimed() {
    return "SELECT stream, log_position, schema_name, false, %s FROM %s WHERE %s AND %s"
        .formatted(
            structs(""), name(BronzeTables.EVENTS), isUnclaimed(lifecycle), scope.condition());
  }

  /** Of Bronze's events those of the lifecycle's streams that no projection takes. */
  static String isUnclaimed(Lifecycle lifecycle) {
    var claimed =
        lifecycle.perEvent().stream()
            .flatMap(projection -> projection.eventTypes().stream())
            .toList();
    return "category = %s AND NOT %s".formatted(Sql.literal(lifecycle.category()), isIn(claimed));
  }

  /** What is resolved stands in Silver. */
  private String quarantined() {
    return "SELECT stream, log_position, schema_name, state = %s, %s FROM %s WHERE %s AND state <> %s AND %s"
        .formatted(
            Sql.literal(QuarantineTable.OPEN),
            structs(""),
            name(QuarantineTable.DECLARATION),
            isQuarantined(lifecycle),
            Sql.literal(QuarantineTable.RESOLVED),
            scope.condition());
  }

  /** Of the quarantine's events those that a projection of the lifecycle refused. */
  static String isQuarantined(Lifecycle lifecycle) {
    return "projection IN (%s)"
        .formatted(
            literals(
                lifecycle.projections().stream().map(projection -> projection.name()).toList()));
  }

  private static String isIn(Collection<String> types) {
    return types.isEmpty() ? "false" : "schema_name IN (%s)".formatted(literals(types));
  }

  private static String literals(Collection<String> texts) {
    return texts.stream().sorted().map(Sql::literal).collect(Collectors.joining(", "));
  }

  private String name(TableDeclaration declaration) {
    var table = lakehouse.table(declaration);
    var version = versions.get(MadeOf.name(table));
    return version == null ? table.sqlName() : table.sqlName() + " VERSION AS OF " + version;
  }

  /** One struct per projection, null but for the named one. */
  private String structs(String present) {
    return lifecycle.perEvent().stream()
        .map(
            projection ->
                (projection.name().equals(present) ? struct(projection) : nothing(projection))
                    + " AS "
                    + Sql.identifier(projection.name()))
        .collect(Collectors.joining(", "));
  }

  private static String struct(Projection projection) {
    return columns(
            projection, column -> Sql.literal(column.name()) + ", " + Sql.identifier(column.name()))
        .collect(Collectors.joining(", ", "named_struct(", ")"));
  }

  private static String nothing(Projection projection) {
    return columns(projection, column -> Sql.identifier(column.name()) + ": " + column.type())
        .collect(Collectors.joining(", ", "CAST(NULL AS STRUCT<", ">)"));
  }

  private static Stream<String> columns(Projection projection, Function<Column, String> text) {
    return projection.table().columns().stream().map(text);
  }
}
