package io.github.kurrentlake.lakebase.schema;

import io.github.kurrentlake.lakebase.connect.Query;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What is in the database now, read from its catalog. */
public record Catalog(Connection connection) {
  private static final String TABLE =
      """
      SELECT c.oid, c.relkind::text AS kind, coalesce(obj_description(c.oid, 'pg_class'), '') AS comment,
        CASE WHEN c.relkind <> 'p' THEN c.relreplident::text
          ELSE (SELECT CASE WHEN count(DISTINCT l.relreplident) > 1 THEN 'n'
              ELSE coalesce(min(l.relreplident::text), 'f') END
            FROM pg_partition_tree(c.oid) AS p JOIN pg_class l ON l.oid = p.relid
            WHERE p.isleaf)
        END AS identity,
        array(SELECT a.attname::text
          FROM pg_index i
          CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
          WHERE i.indrelid = c.oid AND i.indisprimary
          ORDER BY k.place) AS key
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relname = ?""";

  /** A domain's columns are resolved to the type that it is of in the end. */
  private static final String COLUMNS =
      """
      WITH RECURSIVE resolved AS (
        SELECT a.attrelid, a.attnum, a.attname, a.attnotnull, a.attstorage, a.attgenerated, a.atttypid,
          a.atttypmod, t.oid AS type, t.typtype, t.typbasetype, t.typtypmod, a.atttypmod AS modifier
        FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT r.attrelid, r.attnum, r.attname, r.attnotnull, r.attstorage, r.attgenerated, r.atttypid,
          r.atttypmod, t.oid, t.typtype, t.typbasetype, t.typtypmod, r.typtypmod
        FROM resolved r JOIN pg_type t ON t.oid = r.typbasetype
        WHERE r.typtype = 'd')
      SELECT r.attname, r.attnum, format_type(r.atttypid, r.atttypmod) AS type,
        CASE WHEN t.typnamespace = 'pg_catalog'::regnamespace THEN t.typname ELSE '' END AS base,
        r.modifier, NOT r.attnotnull AS nullable, r.attstorage <> 'p' AS large,
        r.attgenerated <> '' AS generated,
        coalesce(col_description(r.attrelid, r.attnum), '') AS comment
      FROM resolved r JOIN pg_type t ON t.oid = r.type
      WHERE r.typtype <> 'd'
      ORDER BY r.attnum""";

  private static final String PARTITIONS =
      """
      SELECT n.nspname, c.relname
      FROM pg_partition_tree(?::regclass) AS p
      JOIN pg_class c ON c.oid = p.relid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE p.isleaf AND c.relkind = 'r'
      ORDER BY c.oid""";

  /** An index that somebody is making is neither broken nor missing. */
  private static final String INDEX =
      """
      SELECT c.relname AS on_table, i.indisunique, am.amname,
        array(SELECT a.attname::text
          FROM unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)
          LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
          WHERE k.place <= i.indnkeyatts
          ORDER BY k.place) AS columns,
        i.indisvalid OR EXISTS (
          SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid) AS usable,
        i.indpred IS NOT NULL AS partial
      FROM pg_index i
      JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am am ON am.oid = x.relam
      JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = x.relnamespace
      WHERE n.nspname = ? AND x.relname = ?""";

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

  public boolean hasSchema(Identifier schema) throws SQLException {
    return Query.of(connection, "SELECT FROM pg_namespace WHERE nspname = ?", schema.name())
        .hasRow();
  }

  /** The table, view, index or whatever has the name; nothing if there is none. */
  public Optional<FoundTable> table(TableName name) throws SQLException {
    return Query.of(connection, TABLE, name.schema().name(), name.table().name())
        .first(
            row ->
                new FoundTable(
                    row.getLong("oid"),
                    row.getString("kind"),
                    row.getString("identity"),
                    row.getString("comment"),
                    columns(row.getLong("oid")),
                    texts(row, "key")));
  }

  private List<FoundColumn> columns(long table) throws SQLException {
    return Query.of(connection, COLUMNS, table)
        .list(
            row ->
                new FoundColumn(
                    row.getString("attname"),
                    row.getInt("attnum"),
                    row.getString("type"),
                    row.getString("base"),
                    row.getInt("modifier"),
                    row.getBoolean("nullable"),
                    row.getBoolean("large"),
                    row.getBoolean("generated"),
                    row.getString("comment")));
  }

  /** The tables that hold the rows of a partitioned one, at any depth. */
  public List<TableName> partitions(TableName partitioned) throws SQLException {
    return Query.of(connection, PARTITIONS, partitioned.sql())
        .list(row -> TableName.of(row.getString("nspname"), row.getString("relname")));
  }

  Optional<FoundIndex> index(Identifier schema, Identifier name) throws SQLException {
    return Query.of(connection, INDEX, schema.name(), name.name())
        .first(
            row ->
                new FoundIndex(
                    row.getString("on_table"),
                    row.getBoolean("indisunique") ? PgIndex.Kind.UNIQUE : PgIndex.Kind.PLAIN,
                    row.getString("amname"),
                    texts(row, "columns"),
                    row.getBoolean("usable"),
                    row.getBoolean("partial")));
  }

  private static List<String> texts(ResultSet row, String column) throws SQLException {
    return Arrays.asList((String[]) row.getArray(column).getArray());
  }
}
