package io.github.kurrentlake.lakebase.sync;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresErrors;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * A Spark task that copies its rows into a table of Postgres in one statement, so that all arrive
 * or none. Gives {@link Copied}. Spark may run it twice, after a failure that came behind the
 * statement or as a speculative attempt; then the rows are there twice, which {@link Staging}
 * mends.
 *
 * @param columns the columns of the rows, each as text in UTF-8; the first ones are the key
 * @param content what the rows are
 */
record CopyTask(
    ConnectionInfoProvider lakebase,
    String copy,
    List<SyncedColumn> columns,
    int keys,
    Content content)
    implements MapPartitionsFunction<Row, Row> {
  static final String APPLICATION = "kurrentlake-sync";
  private static final int CHUNK = 1 << 16;

  /** What the rows of a task are. */
  enum Content {
    /** Rows of a whole table. */
    ROWS,
    /** Rows of {@link ChangedRows}, with {@link ChangeMarks}. */
    CHANGES
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) throws SQLException {
    if (!rows.hasNext()) {
      return List.of(Copied.NOTHING.toRow()).iterator();
    }
    try (var connection = Connections.to(lakebase).open(APPLICATION)) {
      try (var statement = connection.createStatement()) {
        statement.execute("SET TimeZone = 'UTC'");
      }
      var in = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copy);
      try {
        var copied = copy(rows, in);
        in.endCopy();
        return List.of(copied.toRow()).iterator();
      } finally {
        if (in.isActive()) {
          in.cancelCopy();
        }
      }
    } catch (SQLException e) {
      throw PostgresErrors.known(e, lakebase);
    }
  }

  private Copied copy(Iterator<Row> rows, CopyIn in) throws SQLException {
    var lines =
        switch (content) {
          case ROWS -> rows;
          case CHANGES -> new ChangedRows(rows, keys);
        };
    var text = new CopyText(2 * CHUNK);
    var copied = Copied.NOTHING;
    while (lines.hasNext()) {
      copied = copied.plus(append(lines.next(), text));
      if (text.length() >= CHUNK) {
        in.writeToCopy(text.bytes(), 0, text.length());
        text.clear();
      }
    }
    in.writeToCopy(text.bytes(), 0, text.length());
    return copied;
  }

  private Copied append(Row row, CopyText text) {
    for (var i = 0; i < columns.size(); i++) {
      var column = columns.get(i);
      byte[] value = row.getAs(i);
      if (value == null && i < keys) {
        throw refused(row, column, "it is part of the key and null");
      } else if (value == null) {
        text.appendNull();
      } else {
        text.append(checked(row, column, value));
      }
    }
    var copied =
        switch (content) {
          case ROWS -> Copied.ROW;
          case CHANGES -> appendMarks(row, text);
        };
    text.endLine();
    return copied;
  }

  private static Copied appendMarks(Row row, CopyText text) {
    var gone = ChangedRows.isGone(row);
    var net = ChangedRows.net(row);
    text.append(String.valueOf(gone).getBytes(US_ASCII));
    if (net == null) {
      text.appendNull();
    } else {
      text.append(net.toString().getBytes(US_ASCII));
    }
    return Copied.change(gone, net);
  }

  private byte[] checked(Row row, SyncedColumn column, byte[] value) {
    return switch (column.form()) {
      case HEX -> value;
      case DATE -> PostgresText.date(value);
      case PLAIN -> {
        if (PostgresText.holdsNul(value)) {
          throw refused(row, column, "it holds a NUL character");
        }
        yield value;
      }
      case JSON -> {
        if (PostgresText.jsonHoldsNul(value)) {
          throw refused(row, column, "it holds a NUL character");
        }
        yield value;
      }
    };
  }

  private RuntimeException refused(Row row, SyncedColumn column, String reason) {
    var error =
        ErrorCode.ROW_NOT_SYNCABLE.error().with("column", column.name()).with("reason", reason);
    for (var i = 0; i < keys; i++) {
      byte[] value = row.getAs(i);
      error.with(
          "key " + columns.get(i).name(),
          value == null ? "null" : new String(value, StandardCharsets.UTF_8).replace("\0", "\\0"));
    }
    return error;
  }
}
