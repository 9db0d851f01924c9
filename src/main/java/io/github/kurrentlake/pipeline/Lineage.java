package io.github.kurrentlake.pipeline;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.gold.GoldTable;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.gold.Pipeline;
import io.github.kurrentlake.payload.Field;
import io.github.kurrentlake.payload.Field.Fallback;
import io.github.kurrentlake.payload.Keys;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.table.Column;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a column of a pipeline comes from, as its declarations say.
 *
 * @param table with its schema
 * @param origin a place in the payload of an event type, a column of another table, or for what
 *     Gold's SQL computes the relation that it reads
 */
public record Lineage(String table, String column, String origin) {

  /** Every column of Silver and Gold with each of its origins. */
  public static List<Lineage> of(Pipeline pipeline) {
    var lines = new ArrayList<Lineage>();
    var lifecycle = pipeline.lifecycle();
    for (var projection : lifecycle.projections()) {
      projection.fields().forEach(field -> lines.addAll(of(projection, field)));
      projection.table().columns().stream()
          .filter(column -> isOf(BronzeTables.EVENTS.columns(), column.name()))
          .map(column -> line(projection, column.name(), bronze(column.name())))
          .forEach(lines::add);
    }
    for (var gold : lifecycle.tables()) {
      gold.table().columns().forEach(column -> lines.addAll(of(lifecycle, gold, column)));
    }
    return lines;
  }

  private static List<Lineage> of(Projection projection, Field field) {
    var lines = new ArrayList<Lineage>();
    var name = field.column().name();
    for (var type : projection.eventTypes()) {
      for (var place : field.paths()) {
        lines.add(line(projection, name, type + ": " + Keys.path(place)));
      }
    }
    if (field.fallback() == Fallback.STREAM_NAME) {
      lines.add(line(projection, name, bronze("stream")));
    }
    return lines;
  }

  /** What SQL makes of a column is in the SQL: by the declaration it has the name of its origin. */
  private static List<Lineage> of(Lifecycle lifecycle, GoldTable gold, Column column) {
    var table = gold.table().qualifiedName().toString();
    var name = column.name();
    var found =
        lifecycle.perEvent().stream()
            .flatMap(
                projection ->
                    projection.fields().stream()
                        .map(field -> field.column().name())
                        .filter(
                            one -> one.equals(name) || name.equals(projection.name() + "_" + one))
                        .map(one -> new Lineage(table, name, silver(projection) + "." + one)))
            .limit(1)
            .toList();
    if (!found.isEmpty()) {
      return found;
    }
    var relation = isOf(Lifecycle.ofLatest(), name) ? "${latest}" : "its SQL";
    return List.of(new Lineage(table, name, relation));
  }

  private static Lineage line(Projection projection, String column, String origin) {
    return new Lineage(silver(projection), column, origin);
  }

  private static String silver(Projection projection) {
    return projection.table().qualifiedName().toString();
  }

  private static String bronze(String column) {
    return BronzeTables.EVENTS.qualifiedName() + "." + column;
  }

  private static boolean isOf(List<Column> columns, String name) {
    return columns.stream().anyMatch(column -> column.name().equals(name));
  }
}
