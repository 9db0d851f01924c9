package io.github.kurrentlake.lakebase.source;

import static java.util.stream.Collectors.joining;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/** What a task asks Postgres for. */
sealed interface ReadWork extends Serializable {

  /**
   * Rows of the table.
   *
   * @param select a statement that gives the columns, then the number that orders the rows, then
   *     whether a row is gone
   * @param columns the table's columns that it gives
   * @param order what the number is
   * @param orderType its type in Postgres
   * @param changeType what {@code _pg_change_type} says of a row that is not deleted
   */
  record Rows(
      String select,
      List<PostgresColumn> columns,
      Order order,
      ColumnType orderType,
      String changeType)
      implements ReadWork {

    /** What such a statement selects. */
    static String selected(List<String> columns, String number, String deleted) {
      return Stream.concat(columns.stream(), Stream.of(number, deleted)).collect(joining(", "));
    }
  }

  /**
   * What a slot tells.
   *
   * @param since since when the table is published
   * @param above the LSN behind which commits are wanted
   * @param through the end of the last commit that is wanted
   */
  record Changes(String slot, String publication, String since, String above, String through)
      implements ReadWork {}

  /** What the number is that orders rows. */
  enum Order {
    /** The transaction, which is {@code _sequence} too. */
    TRANSACTION,
    /** The transaction, before everything that a slot tells. */
    FIRST_LOAD,
    /** The cursor column. */
    CURSOR
  }
}
