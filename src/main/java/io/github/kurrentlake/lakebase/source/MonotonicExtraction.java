package io.github.kurrentlake.lakebase.source;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Mode MONOTONIC: a row is new when its cursor and key stand behind those that were read last. Rows
 * that share a value are told apart by the key, and values are kept as Postgres writes them, so
 * that nothing is cut. A row without a value is never read.
 */
final class MonotonicExtraction implements Extraction {
  private final PostgresTable table;
  private final PostgresColumn cursor;
  private final CursorDistance lag;
  private final CursorDistance overlap;

  MonotonicExtraction(
      PostgresTable table, PostgresColumn cursor, CursorDistance lag, CursorDistance overlap) {
    this.table = table;
    this.cursor = cursor;
    this.lag = lag;
    this.overlap = overlap;
  }

  @Override
  public Position furthest(Connection connection, ClusterState now, Position from)
      throws SQLException {
    var pages = Pages.of(table.key());
    return pages.last(connection, rows(pages, from, Optional.empty())).stream()
        .findFirst()
        .map(mark -> from.at(mark.value(), mark.key()))
        .orElse(from);
  }

  @Override
  public Position next(
      Connection connection,
      ClusterState now,
      Position from,
      Optional<Position> bound,
      long maxRows)
      throws SQLException {
    if (bound.isPresent() && bound.get().isStart()) {
      return from;
    }
    var pages = Pages.of(table.key());
    var rows = rows(pages, from, bound);
    return last(pages, connection, rows, maxRows)
        .map(mark -> from.at(mark.value(), mark.key()))
        .orElse(from);
  }

  private static Optional<Pages.Mark> last(
      Pages pages, Connection connection, String rows, long maxRows) throws SQLException {
    if (maxRows < Long.MAX_VALUE) {
      var full =
          pages.marks(connection, rows, maxRows).stream()
              .filter(mark -> mark.row() == maxRows)
              .findFirst();
      if (full.isPresent()) {
        return full;
      }
    }
    return pages.last(connection, rows).stream().findFirst();
  }

  private String rows(Pages pages, Position from, Optional<Position> bound) {
    return "SELECT "
        + pages.order("t." + cursor.sql(), "t")
        + " FROM "
        + table.sql()
        + " AS t WHERE "
        + below(bound)
        + " AND "
        + above(from)
        + (lag.isNothing() ? "" : " AND t." + cursor.sql() + " < " + present() + " - " + lag.sql());
  }

  /** The clock in the cursor's type. */
  private String present() {
    return cursor.type().kind() == ColumnType.Kind.TIMESTAMP
        ? "clock_timestamp()"
        : "clock_timestamp()::timestamp";
  }

  /** A cursor is data, not a clock of the cluster: it tells nothing of it. */
  @Override
  public boolean isAhead(Position position, ClusterState now) {
    return false;
  }

  @Override
  public ReadWork between(List<PostgresColumn> columns, Position from, Position to) {
    var lower =
        from.isStart() || overlap.isNothing()
            ? above(from)
            : "t.%s > %s - %s"
                .formatted(cursor.sql(), cursor.literal(from.reached()), overlap.sql());
    return rows(columns, " WHERE " + lower + " AND " + below(Optional.of(to)));
  }

  @Override
  public ReadWork everything(List<PostgresColumn> columns) {
    return rows(columns, " WHERE t." + cursor.sql() + " IS NOT NULL");
  }

  private ReadWork rows(List<PostgresColumn> columns, String where) {
    var values = columns.stream().map(column -> column.type().select("t." + column.sql())).toList();
    var selected = ReadWork.Rows.selected(values, "t." + cursor.sql(), "false");
    return new ReadWork.Rows(
        "SELECT " + selected + " FROM " + table.sql() + " AS t" + where,
        columns,
        ReadWork.Order.CURSOR,
        cursor.type(),
        ChangeType.UPSERT);
  }

  private String above(Position from) {
    return from.isStart() ? "t." + cursor.sql() + " IS NOT NULL" : compared(">", from);
  }

  private String below(Optional<Position> to) {
    return to.map(position -> compared("<=", position)).orElse("true");
  }

  private String compared(String operator, Position position) {
    var keys = table.key().stream().map(column -> "t." + column.sql()).collect(joining(", "));
    return "(t.%s, %s) %s (%s, %s)"
        .formatted(
            cursor.sql(),
            keys,
            operator,
            cursor.literal(position.reached()),
            Pages.literals(table.key(), position.key()));
  }
}
