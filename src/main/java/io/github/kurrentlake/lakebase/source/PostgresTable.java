package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.lakebase.schema.Catalog;
import io.github.kurrentlake.lakebase.schema.FoundTable;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.settings.Setting;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/**
 * A table, view or foreign table as Postgres' catalog describes it.
 *
 * @param oid {@code pg_class.oid}
 * @param kind {@code pg_class.relkind}
 * @param identity {@code pg_class.relreplident}; of a partitioned table that of its partitions, and
 *     {@code n} when they differ
 * @param columns in their order
 * @param key columns that no two rows share, none of which is null
 */
record PostgresTable(
    TableName name,
    long oid,
    String kind,
    String identity,
    List<PostgresColumn> columns,
    List<PostgresColumn> key)
    implements Serializable {

  PostgresTable {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
  }

  /**
   * Asks the catalog.
   *
   * @param keyColumns the key; empty for the primary key
   * @throws KurrentlakeException KL-620 when there is no such table, KL-621 without a key
   */
  static PostgresTable read(Connection connection, TableName name, List<String> keyColumns)
      throws SQLException {
    var found =
        new Catalog(connection)
            .table(name)
            .filter(FoundTable::isSelectable)
            .orElseThrow(() -> ErrorCode.LAKEBASE_NO_TABLE.error().with("table", name));
    var columns = columns(found);
    return new PostgresTable(
        name,
        found.oid(),
        found.kind(),
        found.identity(),
        columns,
        key(name, columns, keyColumns.isEmpty() ? found.key() : keyColumns));
  }

  private static List<PostgresColumn> columns(FoundTable found) {
    var columns = new ArrayList<PostgresColumn>();
    var taken = new HashSet<String>(ChangeColumn.names());
    for (var column : found.columns()) {
      columns.add(
          new PostgresColumn(
              column.name(),
              shown(column.name(), column.number(), taken),
              ColumnType.of(column.base(), column.modifier()),
              column.type(),
              column.nullable(),
              column.large(),
              column.generated()));
    }
    return columns;
  }

  /**
   * The name, but for characters that Delta's column names cannot have; one that differs from an
   * earlier one, or from a column of Kurrentlake, in case only, gets its number.
   */
  private static String shown(String name, int number, HashSet<String> taken) {
    var plain = name.replaceAll("[ ,;{}()\\n\\t=]", "_");
    if (taken.add(plain.toLowerCase(Locale.ROOT))) {
      return plain;
    }
    var numbered = plain + "_" + number;
    taken.add(numbered.toLowerCase(Locale.ROOT));
    return numbered;
  }

  private static List<PostgresColumn> key(
      TableName table, List<PostgresColumn> columns, List<String> names) {
    var key =
        names.stream()
            .flatMap(name -> columns.stream().filter(column -> column.name().equals(name)))
            .toList();
    if (key.isEmpty() || key.size() < names.size()) {
      throw ErrorCode.LAKEBASE_NO_KEY.error().with("table", table).with("keyColumns", names);
    }
    return key;
  }

  /**
   * The column of a name.
   *
   * @throws KurrentlakeException KL-102 when there is none
   */
  PostgresColumn column(Setting<?> option, String name) {
    return columns.stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                ErrorCode.BAD_OPTION
                    .error()
                    .with("option", option.name())
                    .with("value", name)
                    .with("expected", "a column of " + this.name));
  }

  boolean isPartitioned() {
    return kind.equals("p");
  }

  String sql() {
    return name.sql();
  }
}
