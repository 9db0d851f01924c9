package io.github.kurrentlake.gold;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The full outer join of a lifecycle's Silver tables on the stream, written as a union that is
 * grouped once: the guide's chain of joins compares neighbours, so that a stream without a middle
 * event falls apart, and a repeated event multiplies rows. Here every stream is one row, and of
 * repeated events the one with the highest position counts.
 *
 * <p>Streams whose events no projection takes come from Bronze, and those whose events are in
 * quarantine from there, so that no entity is missing.
 */
final class LatestPerStream {
  private final Lakehouse lakehouse;
  private final Lifecycle lifecycle;

  LatestPerStream(Lakehouse lakehouse, Lifecycle lifecycle) {
    this.lakehouse = lakehouse;
    this.lifecycle = lifecycle;
  }

  String sql() {
    var parts = new ArrayList<String>();
    lifecycle.projections().forEach(projection -> parts.add(part(projection)));
    parts.add(unclaimed());
    parts.add(quarantined());
    var latest =
        lifecycle.projections().stream()
            .map(
                projection ->
                    "max_by(%1$s, log_position) FILTER (WHERE %1$s IS NOT NULL) AS %1$s"
                        .formatted(Sql.identifier(projection.name())))
            .collect(Collectors.joining(",\n  "));
    var warnings =
        lifecycle.projections().stream()
            .map(
                projection ->
                    "coalesce(array_size(%s.warnings), 0)"
                        .formatted(Sql.identifier(projection.name())))
            .collect(Collectors.joining(" + ", "CAST(", " AS BIGINT)"));
    return "SELECT *, "
        + warnings
        + " AS warnings FROM (\nSELECT stream, max(log_position) AS log_position,"
        + " count_if(is_quarantined) AS open_quarantine,\n  "
        + latest
        + "\nFROM (\n"
        + String.join("\nUNION ALL\n", parts)
        + "\n)\nGROUP BY stream\n)";
  }

  private String part(Projection projection) {
    return "SELECT stream, log_position, false AS is_quarantined, %s FROM %s"
        .formatted(structs(projection.name()), lakehouse.table(projection.table()).sqlName());
  }

  private String unclaimed() {
    var claimed =
        lifecycle.projections().stream()
            .flatMap(projection -> projection.eventTypes().stream())
            .map(Sql::literal)
            .collect(Collectors.joining(", "));
    return "SELECT stream, log_position, false, %s FROM %s WHERE category = %s AND schema_name NOT IN (%s)"
        .formatted(
            structs(""),
            lakehouse.table(BronzeTables.EVENTS).sqlName(),
            Sql.literal(lifecycle.category()),
            claimed);
  }

  /** What is resolved stands in Silver. */
  private String quarantined() {
    var names =
        lifecycle.projections().stream()
            .map(projection -> Sql.literal(projection.name()))
            .collect(Collectors.joining(", "));
    return "SELECT stream, log_position, state = %s, %s FROM %s WHERE projection IN (%s) AND state <> %s"
        .formatted(
            Sql.literal(QuarantineTable.OPEN),
            structs(""),
            lakehouse.table(QuarantineTable.DECLARATION).sqlName(),
            names,
            Sql.literal(QuarantineTable.RESOLVED));
  }

  /** One struct per projection, null but for the named one. */
  private String structs(String present) {
    return lifecycle.projections().stream()
        .map(
            projection ->
                (projection.name().equals(present) ? struct(projection) : nothing(projection))
                    + " AS "
                    + Sql.identifier(projection.name()))
        .collect(Collectors.joining(", "));
  }

  private static String struct(Projection projection) {
    return names(projection).stream()
        .map(name -> Sql.literal(name) + ", " + Sql.identifier(name))
        .collect(Collectors.joining(", ", "named_struct(", ")"));
  }

  private static String nothing(Projection projection) {
    return projection.table().columns().stream()
        .map(column -> Sql.identifier(column.name()) + ": " + column.type())
        .collect(Collectors.joining(", ", "CAST(NULL AS STRUCT<", ">)"));
  }

  private static List<String> names(Projection projection) {
    return projection.table().columns().stream().map(column -> column.name()).toList();
  }
}
