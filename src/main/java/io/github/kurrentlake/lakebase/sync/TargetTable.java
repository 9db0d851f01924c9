package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.lakebase.schema.FoundTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The Postgres table as it is now; without columns when there is none.
 *
 * @param types the columns' types as Postgres spells them
 * @param key the primary key's columns in its order
 */
record TargetTable(Map<String, String> types, List<String> key) {

  static TargetTable read(SyncConnection connection) throws SQLException {
    var found = connection.catalog().table(connection.target()).filter(FoundTable::isSelectable);
    var types = new LinkedHashMap<String, String>();
    found.ifPresent(
        table -> table.columns().forEach(column -> types.put(column.name(), column.type())));
    return new TargetTable(types, found.map(FoundTable::key).orElse(List.of()));
  }

  boolean exists() {
    return !types.isEmpty();
  }

  /** Whether the table becomes one with these columns by adding some. */
  boolean growsInto(SyncedColumns columns) {
    var wanted = new LinkedHashMap<String, String>();
    columns.all().forEach(column -> wanted.put(column.name().name(), column.postgresType()));
    return wanted.entrySet().containsAll(types.entrySet())
        && key.equals(columns.key().stream().map(column -> column.name().name()).toList());
  }

  List<SyncedColumn> lacking(SyncedColumns columns) {
    var lacking = new ArrayList<>(columns.all());
    lacking.removeIf(column -> types.containsKey(column.name().name()));
    return lacking;
  }
}
