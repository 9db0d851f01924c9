package io.github.kurrentlake.gold;

import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.List;

/**
 * A Gold table with one row per stream of a category.
 *
 * @param category the streams that are entities
 * @param table the Gold table
 * @param projections the Silver tables that are joined
 * @param select the SQL that makes the table's columns, in their order, out of {@code ${latest}}: a
 *     relation with {@code stream}, {@code log_position} (of its last event), {@code
 *     open_quarantine} (how many of its events are open in quarantine), {@code warnings} (how many
 *     values of the events that count did not fit and are null) and per projection a struct by the
 *     projection's name, null when the stream has no such event
 */
public record Lifecycle(
    String category, TableDeclaration table, List<Projection> projections, SqlTemplate select) {

  public Lifecycle {
    projections = List.copyOf(projections);
  }
}
