package io.github.kurrentlake.lakebase.sync;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.lakebase.connect.Connections;
import io.github.kurrentlake.lakebase.connect.PostgresErrors;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
 * @param source the Delta table's name, for errors
 * @param target the synced table's name, for errors
 */
record CopyTask(
    ConnectionInfoProvider lakebase,
    String copy,
    List<SyncedColumn> columns,
    int keys,
    Content content,
    BadText badText,
    String source,
    String target)
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
    var values = new byte[columns.size()][];
    var copied = Copied.NOTHING;
    while (lines.hasNext()) {
      copied = copied.plus(append(lines.next(), values, text));
      if (text.length() >= CHUNK) {
        in.writeToCopy(text.bytes(), 0, text.length());
        text.clear();
      }
    }
    in.writeToCopy(text.bytes(), 0, text.length());
    return copied;
  }

  /**
   * @param values room for the row's texts
   */
  private Copied append(Row row, byte[][] values, CopyText text) {
    var deleted = content == Content.CHANGES && ChangedRows.isDeleted(row);
    var bad = -1;
    for (var i = columns.size() - 1; i >= 0; i--) {
      byte[] value = row.getAs(i);
      values[i] = value == null ? null : held(columns.get(i), value);
      if (value == null && i < keys) {
        if (deleted) {
          // Postgres never had it.
          return counted(row, true).unseen();
        }
        throw named(row, ErrorCode.KEY_IS_NULL, i);
      }
      // The same array unless something in it had to be replaced.
      if (value != values[i] && isText(columns.get(i))) {
        bad = i;
      }
    }
    if (bad < 0 || (deleted && badText == BadText.REPLACE)) {
      appendLine(row, values, deleted, text);
      return counted(row, deleted);
    }
    if (deleted) {
      // It can only have been left out.
      return counted(row, true).unseen();
    }
    return appendBad(row, values, bad, text);
  }

  private Copied appendBad(Row row, byte[][] values, int bad, CopyText text) {
    var counted = counted(row, false);
    return switch (badText) {
      case REFUSE -> throw named(row, ErrorCode.ROW_NOT_SYNCABLE, bad);
      case REPLACE -> {
        appendLine(row, values, false, text);
        yield counted.replaced(example(row, bad));
      }
      case SKIP -> {
        // What was there before must not be served as if it still were so.
        if (content == Content.CHANGES && bad >= keys) {
          Arrays.fill(values, keys, values.length, null);
          appendLine(row, values, true, text);
          yield counted.leftOut(example(row, bad));
        }
        yield counted.unseen().leftOut(example(row, bad));
      }
    };
  }

  private void appendLine(Row row, byte[][] values, boolean deleted, CopyText text) {
    for (var value : values) {
      if (value == null) {
        text.appendNull();
      } else {
        text.append(value);
      }
    }
    if (content == Content.CHANGES) {
      text.append(String.valueOf(deleted).getBytes(US_ASCII));
      var net = ChangedRows.net(row);
      if (net == null) {
        text.appendNull();
      } else {
        // For Postgres a row that is left out does not come.
        var leaves = deleted && !ChangedRows.isDeleted(row);
        text.append(Long.toString(leaves ? net - 1 : net).getBytes(US_ASCII));
      }
    }
    text.endLine();
  }

  /** What the row is in the source. */
  private Copied counted(Row row, boolean deleted) {
    return switch (content) {
      case ROWS -> Copied.ROW;
      case CHANGES -> Copied.change(deleted, ChangedRows.net(row));
    };
  }

  private static boolean isText(SyncedColumn column) {
    return switch (column.form()) {
      case PLAIN, JSON -> true;
      case DATE, HEX -> false;
    };
  }

  private static byte[] held(SyncedColumn column, byte[] value) {
    return switch (column.form()) {
      case HEX -> value;
      case DATE -> PostgresText.date(value);
      case PLAIN -> PostgresText.held(value);
      case JSON -> PostgresText.heldJson(value);
    };
  }

  private KurrentlakeException named(Row row, ErrorCode code, int column) {
    var error = code.error().with("source", source).with("table", target);
    for (var i = 0; i < keys; i++) {
      error.with("key " + columns.get(i).name(), shown(row.getAs(i)));
    }
    return error.with("column", columns.get(column).name());
  }

  private String example(Row row, int column) {
    return IntStream.range(0, keys)
        .mapToObj(i -> columns.get(i).name() + "=" + shown(row.getAs(i)))
        .collect(Collectors.joining(", ", "", ", column " + columns.get(column).name()));
  }

  private static String shown(byte[] value) {
    return value == null ? "null" : new String(value, UTF_8).replace("\0", "\\0");
  }
}
