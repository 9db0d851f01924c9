package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.table.SqlTemplate;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The Postgres table as it is now; without columns when there is none.
 *
 * @param types the columns' types as Postgres spells them
 * @param key the primary key's columns in its order
 */
record TargetTable(Map<String, String> types, List<String> key) {
  private static final String COLUMNS =
      SqlTemplate.beside(TargetTable.class, "target_columns.sql").fill(Map.of());

  static TargetTable read(SyncConnection connection) throws SQLException {
    var types = new LinkedHashMap<String, String>();
    var key = new TreeMap<Integer, String>();
    record Found(String name, String type, int place) {}
    var found =
        connection
            .ofTarget(COLUMNS)
            .list(row -> new Found(row.getString(1), row.getString(2), row.getInt(3)));
    for (var column : found) {
      types.put(column.name(), column.type());
      if (column.place() > 0) {
        key.put(column.place(), column.name());
      }
    }
    return new TargetTable(types, List.copyOf(key.values()));
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
