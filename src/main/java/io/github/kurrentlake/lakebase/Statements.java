package io.github.kurrentlake.lakebase;

import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.Query;
import io.github.kurrentlake.lakebase.schema.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * What can be asked of a Lakebase, inside a transaction and without one. Every error is one of the
 * catalogue: KL-613 to KL-616 name the constraint that rows violate, KL-618 a row that does not fit
 * its record.
 */
public abstract sealed class Statements permits LakebaseClient, Transaction {

  /** What is done with a connection. */
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  abstract ConnectionInfoProvider provider();

  abstract <T> T with(Work<T> work);

  /**
   * The rows of a table as records, whose components are named like the columns: {@code updatedAt}
   * is {@code updated_at}.
   *
   * @param name {@code schema.table}
   * @param key the columns by which rows are found
   */
  public final <R extends Record> LakebaseTable<R> table(
      String name, Class<R> type, String... key) {
    return new LakebaseTable<>(this, TableName.parse(name), RowShape.of(type), List.of(key));
  }

  /**
   * The rows of a table as maps of column and value, for languages without records.
   *
   * @param name {@code schema.table}
   * @param key the columns by which rows are found
   */
  public final LakebaseTable<Map<String, Object>> table(String name, String... key) {
    return table(name, List.of(key));
  }

  /** The same, for Python, which has no variable arguments in Java. */
  public final LakebaseTable<Map<String, Object>> table(String name, List<String> key) {
    return new LakebaseTable<>(this, TableName.parse(name), RowShape.ofMaps(), key);
  }

  /**
   * The rows of a query as records; columns without a component are left out. All rows are in
   * memory at once.
   *
   * @param sql with {@code ?} for each parameter; values never belong into the text
   */
  public final <R extends Record> List<R> query(Class<R> type, String sql, Object... parameters) {
    return rows(RowShape.of(type), sql, parameters);
  }

  /** The rows of a query as maps of column and value, which may be null. */
  public final List<Map<String, Object>> query(String sql, Object... parameters) {
    return rows(RowShape.ofMaps(), sql, parameters);
  }

  /** The rows of a query without parameters. */
  public final List<Map<String, Object>> query(String sql) {
    return query(sql, List.of());
  }

  /** The same, for Python. */
  public final List<Map<String, Object>> query(String sql, List<?> parameters) {
    return rows(RowShape.ofMaps(), sql, parameters.toArray());
  }

  /**
   * Runs a statement that returns no rows; always in a transaction, so nothing that refuses one, as
   * VACUUM does.
   *
   * @return the number of rows that it touched
   */
  public final long execute(String sql, Object... parameters) {
    return with(connection -> Query.of(connection, sql, parameters).run());
  }

  /** Runs a statement without parameters. */
  public final long execute(String sql) {
    return execute(sql, List.of());
  }

  /** The same, for Python. */
  public final long execute(String sql, List<?> parameters) {
    return execute(sql, parameters.toArray());
  }

  final <T> List<T> rows(RowShape<T> shape, String sql, Object... parameters) {
    return with(connection -> Query.of(connection, sql, parameters).list(shape::read));
  }
}
