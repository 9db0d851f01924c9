package io.github.kurrentlake.pipeline;

import static io.github.kurrentlake.table.Column.optional;

import io.github.kurrentlake.gold.GoldTable;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.payload.Field;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.SqlTemplate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Gold table that needs no SQL: one row per stream with all columns of the projections, of each
 * the last event; the stream's last event type, when its first and last event were recorded, and
 * how many there are. A column whose name another one has already gets its table's name in front.
 */
final class DerivedGold {
  private static final SqlTemplate SELECT =
      SqlTemplate.beside(DerivedGold.class, "derived_gold.sql");

  private static final List<Column> TOLD =
      List.of(
          optional("last_event_type", "STRING", "Event type of the stream's last event"),
          optional("first_event_at", "TIMESTAMP", "When KurrentDB recorded its first event, UTC"),
          optional("last_event_at", "TIMESTAMP", "When KurrentDB recorded its last event, UTC"),
          optional("events", "BIGINT", "How many events it has"));

  private DerivedGold() {}

  static GoldTable of(
      String name, Optional<String> comment, String category, List<Projection> projections) {
    var columns = new ArrayList<Column>();
    var values = new ArrayList<String>();
    var taken = new HashSet<>(Set.of(""));
    Stream.concat(TOLD.stream(), Lifecycle.ofLatest().stream())
        .forEach(column -> taken.add(column.name()));
    for (var projection : projections.stream().filter(one -> !one.isExploding()).toList()) {
      for (var field : projection.fields()) {
        var column = named(projection, field, taken);
        columns.add(column);
        values.add(
            "state.%s.%s AS %s"
                .formatted(
                    Sql.identifier(projection.name()),
                    Sql.identifier(field.column().name()),
                    Sql.identifier(column.name())));
      }
    }
    columns.addAll(TOLD);
    columns.addAll(Lifecycle.ofLatest());
    var select =
        SELECT
            .with(
                "columns",
                new SqlTemplate(
                    values.stream().map(v -> v + ",\n  ").collect(Collectors.joining())))
            .with("category", new SqlTemplate(Sql.literal(category)));
    var table =
        Lifecycle.goldTable(
                name,
                comment.orElse("One row per stream of %s, its state now".formatted(category)),
                columns,
                List.of("stream"))
            .statisticsOf("log_position", Lifecycle.FIRST_POSITION);
    return new GoldTable(table, select, Lifecycle.FIRST_POSITION);
  }

  private static Column named(Projection projection, Field field, Set<String> taken) {
    var column = field.column();
    if (taken.add(column.name())) {
      return column;
    }
    var longer = projection.name() + "_" + column.name();
    taken.add(longer);
    var renamed = new Column(longer, column.type(), true, "", column.comment(), false);
    return column.isPersonal() ? renamed.personal() : renamed;
  }
}
