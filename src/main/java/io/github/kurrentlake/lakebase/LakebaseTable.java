package io.github.kurrentlake.lakebase;

import io.github.kurrentlake.lakebase.connect.Query;
import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.lakebase.schema.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The rows of one table. Several rows given at once are written in one transaction and few round
 * trips.
 *
 * @param <T> what a row is in Java: a record, or a map of column and value
 */
public final class LakebaseTable<T> {
  private final Statements statements;
  private final TableName name;
  private final RowShape<T> shape;
  private final List<String> key;

  LakebaseTable(Statements statements, TableName name, RowShape<T> shape, List<String> key) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("rows of " + name + " need a key to be found by");
    }
    this.statements = statements;
    this.name = name;
    this.shape = shape;
    this.key = List.copyOf(key);
  }

  /** Writes a new row; KL-613 if one with its key is there. */
  public void insert(T row) {
    insert(List.of(row));
  }

  /** Writes new rows, all or none. */
  public void insert(Collection<T> rows) {
    write(rows, this::insertSql, UnaryOperator.identity());
  }

  /** Writes a row, in place of the one with its key if there is one. */
  public void upsert(T row) {
    upsert(List.of(row));
  }

  /**
   * Writes rows, each in place of the one with its key if there is one; of several with the same
   * key the last stays. A row that is there already as it is, is not written again.
   */
  public void upsert(Collection<T> rows) {
    write(rows, this::upsertSql, UnaryOperator.identity());
  }

  /**
   * Writes the row's other columns into the row with its key.
   *
   * @return whether there is one
   */
  public boolean update(T row) {
    return write(
            List.of(row),
            this::updateSql,
            columns -> {
              var order = new ArrayList<>(others(columns));
              order.addAll(key);
              return order;
            })
        > 0;
  }

  /**
   * Deletes the row of a key.
   *
   * @param values of the key's columns, in their order
   * @return whether there was one
   */
  public boolean delete(Object... values) {
    return statements.execute("DELETE FROM " + name.sql() + where(), key(values)) > 0;
  }

  /**
   * The row of a key.
   *
   * @param values of the key's columns, in their order
   */
  public Optional<T> find(Object... values) {
    return statements
        .rows(shape, "SELECT * FROM " + name.sql() + where() + " LIMIT 1", key(values))
        .stream()
        .findFirst();
  }

  /** Deletes the row of a key; for Python. */
  public boolean delete(List<?> values) {
    return delete(values.toArray());
  }

  /** The row of a key; for Python. */
  public Optional<T> find(List<?> values) {
    return find(values.toArray());
  }

  /** All rows; they are in memory at once. */
  public List<T> all() {
    return statements.rows(shape, "SELECT * FROM " + name.sql());
  }

  private long write(
      Collection<T> rows, Function<List<String>, String> sql, UnaryOperator<List<String>> order) {
    if (rows.isEmpty()) {
      return 0;
    }
    var values = rows.stream().map(shape::write).toList();
    var columns = List.copyOf(values.get(0).keySet());
    if (values.stream().anyMatch(row -> !row.keySet().equals(Set.copyOf(columns)))) {
      throw new IllegalArgumentException("rows that are written at once have the same columns");
    }
    var text = sql.apply(columns);
    var places = order.apply(columns);
    var parameters = new ArrayList<List<Object>>();
    for (var row : values) {
      var some = new ArrayList<>();
      places.forEach(place -> some.add(row.get(place)));
      parameters.add(some);
    }
    return statements.with(connection -> Query.runAll(connection, text, parameters));
  }

  private String insertSql(List<String> columns) {
    return "INSERT INTO %s AS t (%s) VALUES (%s)"
        .formatted(
            name.sql(),
            joined(columns, "%s"),
            columns.stream().map(column -> "?").collect(Collectors.joining(", ")));
  }

  private String upsertSql(List<String> columns) {
    var others = others(columns);
    var conflict = insertSql(columns) + " ON CONFLICT (" + joined(key, "%s") + ") DO ";
    if (others.isEmpty()) {
      return conflict + "NOTHING";
    }
    return conflict
        + "UPDATE SET %s WHERE (%s) IS DISTINCT FROM (%s)"
            .formatted(
                joined(others, "%1$s = excluded.%1$s"),
                joined(others, "t.%s"),
                joined(others, "excluded.%s"));
  }

  private String updateSql(List<String> columns) {
    return "UPDATE %s SET %s%s".formatted(name.sql(), joined(others(columns), "%s = ?"), where());
  }

  private String where() {
    return key.stream()
        .map(column -> Identifier.of(column).sql() + " = ?")
        .collect(Collectors.joining(" AND ", " WHERE ", ""));
  }

  private List<String> others(List<String> columns) {
    return columns.stream().filter(column -> !key.contains(column)).toList();
  }

  private static String joined(List<String> columns, String form) {
    return columns.stream()
        .map(column -> form.formatted(Identifier.of(column).sql()))
        .collect(Collectors.joining(", "));
  }

  private Object[] key(Object... values) {
    if (values.length != key.size()) {
      throw new IllegalArgumentException("the key of " + name + " is " + key);
    }
    return values;
  }
}
