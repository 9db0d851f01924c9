package io.github.kurrentlake.lakebase.source;

import static io.github.kurrentlake.lakebase.source.ReadWork.Rows.selected;
import static java.util.stream.Collectors.joining;

import io.github.kurrentlake.lakebase.connect.Query;
import io.github.kurrentlake.lakebase.schema.Literal;
import io.github.kurrentlake.table.SqlTemplate;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Modes XMIN and XID8: a row is new when the transaction that wrote it is. Only rows of
 * transactions below the horizon are read, where none is open any more, so that no row can appear
 * behind a position. A row that is changed between planning and reading leaves the batch and comes
 * with a later one.
 */
final class XidExtraction implements Extraction {
  private static final SqlTemplate XMIN_ROWS =
      SqlTemplate.beside(XidExtraction.class, "xmin_rows.sql");
  private static final SqlTemplate TOMBSTONES =
      SqlTemplate.beside(XidExtraction.class, "tombstones.sql");

  private final PostgresTable table;
  private final Deletes deletes;
  private final String rows;
  private final String number;
  private final String compared;
  private final String type;

  private XidExtraction(
      PostgresTable table,
      Deletes deletes,
      String rows,
      String number,
      String compared,
      String type) {
    this.table = table;
    this.deletes = deletes;
    this.rows = rows;
    this.number = number;
    this.compared = compared;
    this.type = type;
  }

  static XidExtraction byXmin(PostgresTable table, Deletes deletes) {
    var rows = XMIN_ROWS.fill(Map.of("table", table.sql()));
    return new XidExtraction(table, deletes, rows, "x.xid", "x.xid", "bigint");
  }

  static XidExtraction byColumn(PostgresTable table, Deletes deletes, PostgresColumn column) {
    var compared = "t." + column.sql();
    return new XidExtraction(
        table, deletes, table.sql() + " AS t", compared + "::text::bigint", compared, "xid8");
  }

  @Override
  public Position furthest(Connection connection, ClusterState now, Position from) {
    return from.at(Long.toString(now.horizon()));
  }

  @Override
  public Position next(
      Connection connection,
      ClusterState now,
      Position from,
      Optional<Position> bound,
      long maxRows)
      throws SQLException {
    var horizon =
        bound
            .map(end -> Math.min(Long.parseLong(end.reached()), now.horizon()))
            .orElse(now.horizon());
    if (!from.isStart() && Long.parseLong(from.reached()) >= horizon) {
      return from;
    }
    var end = from.at(Long.toString(horizon));
    return maxRows == Long.MAX_VALUE
        ? all(connection, from, end)
        : limited(connection, from, end, maxRows);
  }

  private Position all(Connection connection, Position from, Position end) throws SQLException {
    var exists =
        parts("1", "1", from, end).stream()
            .map(part -> "EXISTS (" + part + ")")
            .collect(joining(" OR ", "SELECT ", ""));
    return Query.of(connection, exists).one(row -> row.getBoolean(1)) ? end : from;
  }

  /** Ends between two transactions, unless one alone has more rows than a batch may. */
  private Position limited(Connection connection, Position from, Position end, long maxRows)
      throws SQLException {
    var pages = Pages.of(table.key());
    var first = pages.order(compared, "t");
    var dead = pages.order(type.equals("xid8") ? "d.row_xid" : "d.row_xid::text::bigint", "k");
    var marks =
        pages.marks(connection, String.join(" UNION ALL ", parts(first, dead, from, end)), maxRows);
    if (marks.isEmpty()) {
      return from;
    }
    if (marks.get(marks.size() - 1).row() <= maxRows) {
      return end;
    }
    var begin = marks.get(0);
    var beyond = marks.get(marks.size() - 1);
    if (!begin.value().equals(beyond.value())) {
      return from.at(beyond.value());
    }
    var last = marks.get(marks.size() - 2);
    return from.at(last.value(), last.key());
  }

  @Override
  public boolean isAhead(Position position, ClusterState now) {
    return Long.parseLong(position.reached()) > now.horizon();
  }

  @Override
  public ReadWork between(List<PostgresColumn> columns, Position from, Position to) {
    var keys = table.key();
    var deleted =
        columns.stream()
            .map(column -> keys.contains(column) ? select(column, "k") : "NULL")
            .toList();
    return rows(
        columns,
        String.join(
            " UNION ALL ",
            parts(
                present(columns), selected(deleted, "d.row_xid::text::bigint", "true"), from, to)));
  }

  @Override
  public ReadWork everything(List<PostgresColumn> columns) {
    return rows(columns, all(columns, ""));
  }

  /** All rows but those that a condition on {@code x.xid} or {@code t} leaves out. */
  String all(List<PostgresColumn> columns, String condition) {
    return "SELECT " + present(columns) + " FROM " + rows + condition;
  }

  private String present(List<PostgresColumn> columns) {
    return selected(columns.stream().map(column -> select(column, "t")).toList(), number, "false");
  }

  private static ReadWork rows(List<PostgresColumn> columns, String select) {
    return new ReadWork.Rows(
        select,
        columns,
        ReadWork.Order.TRANSACTION,
        ColumnType.of(ColumnType.Kind.LONG),
        ChangeType.UPSERT);
  }

  /** The statements for rows that are there, and for those that are deleted. */
  private List<String> parts(String present, String deleted, Position from, Position to) {
    var parts = new ArrayList<String>();
    parts.add("SELECT " + present + " FROM " + rows + where(compared, type, "t", from, to));
    if (deletes == Deletes.TOMBSTONES) {
      var tombstones =
          TOMBSTONES.fill(
              Map.of(
                  "table", table.sql(),
                  "schema_text", Literal.of(table.name().schema().name()),
                  "table_text", Literal.of(table.name().table().name())));
      // A transaction that deleted a row and inserted it again has not deleted it. Nor has one
      // whose row an older transaction, which was still open, inserted again.
      var again =
          " AND NOT EXISTS (SELECT FROM %s WHERE (%s) = (%s) AND %s <= d.row_xid::text::bigint)"
              .formatted(rows, keys("t"), keys("k"), number);
      parts.add(
          "SELECT "
              + deleted
              + " FROM "
              + tombstones
              + where("d.row_xid", "xid8", "k", from, to)
              + again);
    }
    return parts;
  }

  private String where(String value, String valueType, String alias, Position from, Position to) {
    var lower = from.isStart() ? "true" : bound(value, valueType, alias, from, ">=", ">");
    return " WHERE " + lower + " AND " + bound(value, valueType, alias, to, "<", "<=");
  }

  private String bound(
      String value,
      String valueType,
      String alias,
      Position position,
      String ofTransaction,
      String ofRow) {
    var literal = Literal.of(position.reached()) + "::" + valueType;
    if (position.key().isEmpty()) {
      return "%s %s %s".formatted(value, ofTransaction, literal);
    }
    return "(%s, %s) %s (%s, %s)"
        .formatted(value, keys(alias), ofRow, literal, Pages.literals(table.key(), position.key()));
  }

  private String keys(String alias) {
    return table.key().stream().map(column -> alias + "." + column.sql()).collect(joining(", "));
  }

  private static String select(PostgresColumn column, String alias) {
    return column.type().select(alias + "." + column.sql());
  }
}
