package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.schema.Identifier;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a synced table, the key's first in the key's order. Names are as the Delta table
 * spells them, case and all.
 */
record SyncedColumns(List<SyncedColumn> key, List<SyncedColumn> others) implements Serializable {

  SyncedColumns {
    key = List.copyOf(key);
    others = List.copyOf(others);
  }

  /**
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-640 when the source has no such key
   *     column, a type that Postgres has nothing for, or KL-610 for a name that it cannot keep
   */
  static SyncedColumns of(SyncedTable table, StructType schema) {
    var left = new ArrayList<>(Arrays.asList(schema.fields()));
    var key = new ArrayList<SyncedColumn>();
    for (var name : table.primaryKeyColumns()) {
      var field =
          left.stream()
              .filter(other -> other.name().equalsIgnoreCase(name))
              .findFirst()
              .orElseThrow(() -> noColumn(name, schema));
      left.remove(field);
      key.add(SyncedColumn.of(field));
    }
    table
        .timeseriesKey()
        .filter(name -> Arrays.stream(schema.fieldNames()).noneMatch(name::equalsIgnoreCase))
        .ifPresent(
            name -> {
              throw noColumn(name, schema);
            });
    return new SyncedColumns(key, left.stream().map(SyncedColumn::of).toList());
  }

  List<SyncedColumn> all() {
    var all = new ArrayList<>(key);
    all.addAll(others);
    return all;
  }

  /** The columns' names, quoted for Postgres. */
  String names() {
    return names(all(), "");
  }

  /** The key's names, quoted for Postgres. */
  String keyNames() {
    return names(key, "");
  }

  /** The columns' types, as DDL of Postgres. */
  String ddl() {
    return all().stream()
        .map(
            column ->
                column.sql()
                    + " "
                    + column.postgresType()
                    + (key.contains(column) ? " NOT NULL" : ""))
        .collect(Collectors.joining(", "));
  }

  static String names(List<SyncedColumn> columns, String prefix) {
    return columns.stream().map(column -> prefix + column.sql()).collect(Collectors.joining(", "));
  }

  /** Whether two rows have the same key. */
  String sameKey(String one, String other) {
    return key.stream()
        .map(column -> one + "." + column.sql() + " = " + other + "." + column.sql())
        .collect(Collectors.joining(" AND "));
  }

  /** A name for a column of Kurrentlake that none of the table's columns has. */
  Identifier unused(String name) {
    var taken =
        all().stream().map(column -> column.name().name().toLowerCase(Locale.ROOT)).toList();
    var free = name;
    while (taken.contains(free)) {
      free = "_" + free;
    }
    return Identifier.of(free);
  }

  private static RuntimeException noColumn(String name, StructType schema) {
    return ErrorCode.NOT_SYNCABLE
        .error()
        .with("column", name)
        .with("reason", "the source has no such column")
        .with("columns", String.join(", ", schema.fieldNames()));
  }
}
