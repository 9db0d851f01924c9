package io.github.kurrentlake.lakebase;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** Hands values to Postgres so that it, not the driver, decides the type of texts and nulls. */
final class Parameters {
  private Parameters() {}

  static void set(PreparedStatement statement, List<?> values) throws SQLException {
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
