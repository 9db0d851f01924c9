package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.lakebase.connect.Query;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.table.SqlTemplate;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
  private static final String TABLE =
      SqlTemplate.beside(PostgresTable.class, "table.sql").fill(Map.of());
  private static final String PARTITIONS =
      SqlTemplate.beside(PostgresTable.class, "partitions.sql").fill(Map.of());
  private static final SqlTemplate COLUMNS = SqlTemplate.beside(PostgresTable.class, "columns.sql");
  private static final SqlTemplate KEY = SqlTemplate.beside(PostgresTable.class, "key.sql");

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
    try (var query = connection.prepareStatement(TABLE)) {
      query.setString(1, name.schema().name());
      query.setString(2, name.table().name());
      try (var rows = query.executeQuery()) {
        if (!rows.next()) {
          throw ErrorCode.LAKEBASE_NO_TABLE.error().with("table", name);
        }
        var table = Map.of("table", rows.getLong(1));
        var columns = columns(connection, COLUMNS.fill(table));
        var key = keyColumns.isEmpty() ? texts(connection, KEY.fill(table)) : keyColumns;
        return new PostgresTable(
            name,
            rows.getLong(1),
            rows.getString(2),
            rows.getString(3),
            columns,
            key(name, columns, key));
      }
    }
  }

  /** The tables that hold the rows of a partitioned one, at any depth. */
  static List<TableName> partitions(Connection connection, TableName partitioned)
      throws SQLException {
    return Query.of(connection, PARTITIONS, partitioned.sql())
        .list(row -> TableName.of(row.getString(1), row.getString(2)));
  }

  private static List<PostgresColumn> columns(Connection connection, String sql)
      throws SQLException {
    var columns = new ArrayList<PostgresColumn>();
    var taken = new HashSet<String>(Metadata.names());
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        columns.add(
            new PostgresColumn(
                rows.getString("attname"),
                shown(rows.getString("attname"), rows.getInt("attnum"), taken),
                ColumnType.of(rows.getString("base"), rows.getInt("modifier")),
                rows.getString("shown"),
                !rows.getBoolean("attnotnull"),
                rows.getBoolean("large"),
                rows.getBoolean("generated")));
      }
    }
    return columns;
  }

  /**
   * The name, but for characters that Delta's column names cannot have; one that differs from an
   * earlier one, or from a column of ours, in case only, gets its number.
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

  static List<String> texts(Connection connection, String sql) throws SQLException {
    var texts = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
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
