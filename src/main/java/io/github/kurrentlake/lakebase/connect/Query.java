package io.github.kurrentlake.lakebase.connect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A statement with its parameters. Texts and nulls are handed over so that Postgres, not the
 * driver, decides of which type they are.
 *
 * @param sql with {@code ?} for each parameter
 */
public record Query(Connection connection, String sql, List<?> parameters) {

  /** What becomes of the row at which a result stands. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  public static Query of(Connection connection, String sql, Object... parameters) {
    return new Query(connection, sql, Arrays.asList(parameters));
  }

  /** All rows; they are in memory at once. */
  public <T> List<T> list(Reader<T> reader) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      set(statement, parameters);
      try (var found = statement.executeQuery()) {
        var rows = new ArrayList<T>();
        while (found.next()) {
          rows.add(reader.read(found));
        }
        return rows;
      }
    }
  }

  /** The first row, if there is any. */
  public <T> Optional<T> first(Reader<T> reader) throws SQLException {
    return list(reader).stream().findFirst();
  }

  /** The row of a statement that always gives one; may be null. */
  public <T> T one(Reader<T> reader) throws SQLException {
    return list(reader).get(0);
  }

  /** The first column of all rows. */
  public List<String> texts() throws SQLException {
    return list(row -> row.getString(1));
  }

  /** The first column of the row of a statement that always gives one; may be null. */
  public String text() throws SQLException {
    return one(row -> row.getString(1));
  }

  /** Whether there is any row. */
  public boolean hasRow() throws SQLException {
    return !list(row -> true).isEmpty();
  }

  /**
   * Runs a statement whose rows, if it gives any, nobody needs.
   *
   * @return the number of rows that it wrote
   */
  public long run() throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      set(statement, parameters);
      statement.execute();
      return Math.max(0, statement.getLargeUpdateCount());
    }
  }

  /**
   * Runs a statement once for each row of parameters, in few round trips.
   *
   * @return the number of rows that it wrote
   */
  public static long runAll(Connection connection, String sql, List<? extends List<?>> rows)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (var parameters : rows) {
        set(statement, parameters);
        statement.addBatch();
      }
      return Arrays.stream(statement.executeLargeBatch()).filter(count -> count > 0).sum();
    }
  }

  private static void set(PreparedStatement statement, List<?> values) throws SQLException {
    for (var i = 0; i < values.size(); i++) {
      set(statement, i + 1, values.get(i));
    }
  }

  private static void set(PreparedStatement statement, int index, Object value)
      throws SQLException {
    if (value == null) {
      statement.setNull(index, Types.NULL);
    } else if (value instanceof String || value instanceof Enum<?>) {
      // Of no type yet: it may be for a column of type jsonb, uuid or an enum.
      statement.setObject(index, value.toString(), Types.OTHER);
    } else if (value instanceof Instant instant) {
      statement.setObject(index, instant.atOffset(ZoneOffset.UTC));
    } else {
      statement.setObject(index, value);
    }
  }
}
