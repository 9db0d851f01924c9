package io.github.kurrentlake.draft;

import io.github.kurrentlake.gold.Pipeline;
import io.github.kurrentlake.payload.Keys;
import io.github.kurrentlake.silver.Projection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What KurrentDB holds and a pipeline does not read.
 *
 * @param projections of event types that no projection takes
 * @param columns by the table of a projection those whose places it does not read
 */
public record Drift(List<DraftProjection> projections, Map<String, List<DraftColumn>> columns) {

  /** What a draft has more than a pipeline. */
  public static Drift of(Draft draft, Pipeline pipeline) {
    var projections = new ArrayList<DraftProjection>();
    var columns = new LinkedHashMap<String, List<DraftColumn>>();
    for (var seen : draft.projections()) {
      var taking =
          pipeline.lifecycle().projections().stream()
              .filter(one -> one.eventTypes().contains(seen.type().schemaName()))
              .toList();
      if (taking.stream().noneMatch(one -> Keys.path(one.exploded()).equals(seen.exploded()))
          && taking.stream().noneMatch(one -> reads(one, seen.exploded()))) {
        projections.add(seen);
        continue;
      }
      for (var column : seen.columns()) {
        if (taking.stream().noneMatch(one -> reads(one, column))) {
          columns.computeIfAbsent(taking.get(0).name(), table -> new ArrayList<>()).add(column);
        }
      }
    }
    return new Drift(projections, columns);
  }

  public boolean isEmpty() {
    return projections.isEmpty() && columns.isEmpty();
  }

  /** The lines to add to the {@code pipeline.yaml}. */
  public String yaml() {
    var text = new StringBuilder("projections:\n");
    projections.forEach(projection -> text.append(DraftFiles.yaml(projection)));
    columns.forEach(
        (table, some) ->
            text.append("  - table: %s%n    columns:%n%s".formatted(table, DraftFiles.yaml(some))));
    return text.toString();
  }

  /** Whether a projection reads every place of a column, or a value around it. */
  private static boolean reads(Projection projection, DraftColumn column) {
    return column.places().stream().allMatch(place -> reads(projection, place));
  }

  private static boolean reads(Projection projection, String place) {
    return projection.fields().stream()
        .flatMap(field -> field.paths().stream())
        .map(Keys::path)
        .anyMatch(one -> place.equals(one) || place.startsWith(one + "."));
  }
}
