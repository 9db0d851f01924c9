package io.github.kurrentlake.replay;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How a table that was made again compares with the one that is read.
 *
 * @param table the table
 * @param same rows that are alike
 * @param changed rows whose values differ, or that were there more than once
 * @param came rows that only the new table has
 * @param gone rows that only the old one has
 * @param columns by name in how many of the changed rows a column differs
 * @param isExpected whether a changed declaration explains the differences, or there are none
 */
public record Replayed(
    String table,
    long same,
    long changed,
    long came,
    long gone,
    Map<String, Long> columns,
    boolean isExpected) {

  public Replayed {
    columns = Map.copyOf(columns);
  }

  /** Whether there is anything to switch. */
  public boolean differs() {
    return changed + came + gone > 0;
  }

  @Override
  public String toString() {
    var differing =
        columns.isEmpty()
            ? ""
            : new TreeMap<>(columns)
                .entrySet().stream()
                    .map(column -> column.getKey() + " in " + column.getValue())
                    .collect(Collectors.joining(", ", " (", ")"));
    return "%d same, %d changed%s, %d came, %d gone"
        .formatted(same, changed, differing, came, gone);
  }
}
