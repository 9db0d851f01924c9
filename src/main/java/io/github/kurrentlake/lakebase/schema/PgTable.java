package io.github.kurrentlake.lakebase.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A Postgres table as it shall be.
 *
 * @param columns in their order; a table may have more
 * @param primaryKey empty for a table without
 * @param comment what a row is; may be empty
 */
public record PgTable(
    TableName name,
    List<PgColumn> columns,
    List<Identifier> primaryKey,
    List<PgIndex> indexes,
    String comment) {

  public PgTable {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    indexes = List.copyOf(indexes);
  }

  /** A table of this name, {@code schema.table}, without columns yet. */
  public static PgTable named(String name) {
    return named(TableName.parse(name));
  }

  public static PgTable named(TableName name) {
    return new PgTable(name, List.of(), List.of(), List.of(), "");
  }

  public PgTable columns(PgColumn... declared) {
    return new PgTable(name, List.of(declared), primaryKey, indexes, comment);
  }

  public PgTable primaryKey(String... names) {
    var key = Arrays.stream(names).map(Identifier::of).toList();
    return new PgTable(name, columns, key, indexes, comment);
  }

  public PgTable indexes(PgIndex... declared) {
    return new PgTable(name, columns, primaryKey, List.of(declared), comment);
  }

  public PgTable comment(String text) {
    return new PgTable(name, columns, primaryKey, indexes, text);
  }

  String sql() {
    var lines =
        columns.stream().map(PgColumn::sql).collect(Collectors.toCollection(ArrayList::new));
    if (!primaryKey.isEmpty()) {
      lines.add(
          primaryKey.stream()
              .map(Identifier::sql)
              .collect(Collectors.joining(", ", "PRIMARY KEY (", ")")));
    }
    return "CREATE TABLE %s (\n  %s\n)".formatted(name.sql(), String.join(",\n  ", lines));
  }
}
