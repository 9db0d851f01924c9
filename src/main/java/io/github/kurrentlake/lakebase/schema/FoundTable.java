package io.github.kurrentlake.lakebase.schema;

import java.util.List;
import java.util.Optional;

/**
 * A relation as Postgres' catalog describes it.
 *
 * @param oid {@code pg_class.oid}
 * @param kind {@code pg_class.relkind}
 * @param identity {@code pg_class.relreplident}; of a partitioned table that of its partitions, and
 *     {@code n} when they differ
 * @param comment empty text for none
 * @param columns in their order
 * @param key the names of the primary key's columns in its order; empty without one
 */
public record FoundTable(
    long oid,
    String kind,
    String identity,
    String comment,
    List<FoundColumn> columns,
    List<String> key) {

  public FoundTable {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
  }

  /** Whether it is a table, a view or a foreign table, and no index, sequence or type. */
  public boolean isSelectable() {
    return List.of("r", "p", "v", "m", "f").contains(kind);
  }

  Optional<FoundColumn> column(Identifier name) {
    return columns.stream().filter(column -> column.name().equals(name.name())).findFirst();
  }
}
