package io.github.kurrentlake.lakebase.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is in the database now, read from its catalog. */
record Catalog(Connection connection) {
  private static final String TABLE =
      """
      SELECT coalesce(obj_description(c.oid, 'pg_class'), '')
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relname = ?""";

  private static final String COLUMNS =
      """
      SELECT a.attname, format_type(a.atttypid, a.atttypmod),
        coalesce(col_description(a.attrelid, a.attnum), '')
      FROM pg_attribute a
      JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped""";

  private static final String PRIMARY_KEY =
      """
      SELECT array(SELECT a.attname::text
          FROM unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
          ORDER BY k.place)
      FROM pg_index i
      JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relname = ? AND i.indisprimary""";

  /** An index that somebody is making is neither broken nor missing. */
  private static final String INDEX =
      """
      SELECT c.relname, i.indisunique, am.amname,
        array(SELECT a.attname::text
          FROM unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)
          LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
          WHERE k.place <= i.indnkeyatts
          ORDER BY k.place),
        i.indisvalid OR EXISTS (
          SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid),
        i.indpred IS NOT NULL
      FROM pg_index i
      JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am am ON am.oid = x.relam
      JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = x.relnamespace
      WHERE n.nspname = ? AND x.relname = ?""";

  /** A column as the catalog shows it. */
  record FoundColumn(String type, String comment) {}

  /** An index as the catalog shows it; an expression has no name. */
  record FoundIndex(
      String table,
      PgIndex.Kind kind,
      String method,
      List<String> columns,
      boolean usable,
      boolean partial) {

    boolean is(PgIndex declared, TableName table) {
      return this.table.equals(table.table().name())
          && kind == declared.kind()
          && method.equals(declared.method().sql())
          && columns.equals(declared.columns().stream().map(Identifier::name).toList())
          && !partial;
    }
  }

  boolean hasSchema(Identifier schema) throws SQLException {
    try (var query = connection.prepareStatement("SELECT FROM pg_namespace WHERE nspname = ?")) {
      query.setString(1, schema.name());
      try (var rows = query.executeQuery()) {
        return rows.next();
      }
    }
  }

  /** The table's comment, empty text if it has none; or nothing if there is no such table. */
  Optional<String> tableComment(TableName table) throws SQLException {
    try (var query = connection.prepareStatement(TABLE)) {
      query.setString(1, table.schema().name());
      query.setString(2, table.table().name());
      try (var rows = query.executeQuery()) {
        return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
      }
    }
  }

  Map<String, FoundColumn> columns(TableName table) throws SQLException {
    try (var query = connection.prepareStatement(COLUMNS)) {
      query.setString(1, table.schema().name());
      query.setString(2, table.table().name());
      var columns = new HashMap<String, FoundColumn>();
      try (var rows = query.executeQuery()) {
        while (rows.next()) {
          columns.put(rows.getString(1), new FoundColumn(rows.getString(2), rows.getString(3)));
        }
      }
      return columns;
    }
  }

  List<String> primaryKey(TableName table) throws SQLException {
    try (var query = connection.prepareStatement(PRIMARY_KEY)) {
      query.setString(1, table.schema().name());
      query.setString(2, table.table().name());
      try (var rows = query.executeQuery()) {
        return rows.next() ? Arrays.asList((String[]) rows.getArray(1).getArray()) : List.of();
      }
    }
  }

  Optional<FoundIndex> index(Identifier schema, Identifier name) throws SQLException {
    try (var query = connection.prepareStatement(INDEX)) {
      query.setString(1, schema.name());
      query.setString(2, name.name());
      try (var rows = query.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        return Optional.of(
            new FoundIndex(
                rows.getString(1),
                rows.getBoolean(2) ? PgIndex.Kind.UNIQUE : PgIndex.Kind.PLAIN,
                rows.getString(3),
                Arrays.asList((String[]) rows.getArray(4).getArray()),
                rows.getBoolean(5),
                rows.getBoolean(6)));
      }
    }
  }
}
