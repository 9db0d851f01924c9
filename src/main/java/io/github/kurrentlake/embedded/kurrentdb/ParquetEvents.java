package io.github.kurrentlake.embedded.kurrentdb;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.duckdb.DuckDBDriver;

/**
 * Reads the records of a Parquet file through a DuckDB of its own, row group by row group. The
 * query casts every column to what the record needs and puts NULL for one the file does not have.
 */
final class ParquetEvents extends Spliterators.AbstractSpliterator<LogRecord> {
  private static final int ID_BYTES = 16;

  private final EventsFileOrder order;
  private final ResultSet rows;

  /** Looked up once: the driver searches for a name again in every row. */
  private final Map<EventsFileColumn, Integer> index = new EnumMap<>(EventsFileColumn.class);

  private long line;

  private ParquetEvents(EventsFileOrder order, ResultSet rows) throws SQLException {
    super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
    this.order = order;
    this.rows = rows;
    for (var column : EventsFileColumn.values()) {
      index.put(column, rows.findColumn(column.label()));
    }
  }

  /** The stream holds the connection: close it. */
  static Stream<LogRecord> read(Path path) {
    var order = new EventsFileOrder(path);
    Connection connection = null;
    try {
      var properties = new Properties();
      properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
      // One thread reads the row groups in their order and holds one of them.
      properties.setProperty("threads", "1");
      connection = DriverManager.getConnection("jdbc:duckdb:", properties);
      var opened = connection;
      var rows = opened.createStatement().executeQuery(query(opened, path, order));
      return StreamSupport.stream(new ParquetEvents(order, rows), false)
          .onClose(() -> close(opened));
    } catch (SQLException e) {
      close(connection);
      throw order.defectOfAll(null, unusable(e)).causedBy(e);
    } catch (KurrentlakeException e) {
      close(connection);
      throw e;
    }
  }

  @Override
  public boolean tryAdvance(Consumer<? super LogRecord> action) {
    LogRecord next;
    try {
      if (!rows.next()) {
        return false;
      }
      line++;
      next = order.accept(row(), line);
    } catch (SQLException e) {
      throw order.defect(line + 1, null, unusable(e)).causedBy(e);
    }
    action.accept(next);
    return true;
  }

  private EventsFileRow row() throws SQLException {
    var row = new EventsFileRow();
    row.logPosition = required(number(EventsFileColumn.LOG_POSITION), "log_position");
    row.commitPosition = number(EventsFileColumn.COMMIT_POSITION);
    row.streamRevision = number(EventsFileColumn.STREAM_REVISION);
    row.createdAt = required(number(EventsFileColumn.CREATED_AT), "created_at");
    row.stream = required(text(EventsFileColumn.STREAM), "stream");
    row.schemaName = required(text(EventsFileColumn.SCHEMA_NAME), "schema_name");
    row.category = text(EventsFileColumn.CATEGORY);
    row.schemaId = text(EventsFileColumn.SCHEMA_ID);
    row.schemaFormat = text(EventsFileColumn.SCHEMA_FORMAT);
    row.data = text(EventsFileColumn.DATA);
    row.metadata = text(EventsFileColumn.METADATA);
    var id = text(EventsFileColumn.RECORD_ID);
    row.recordIdGiven = id != null;
    row.recordId = id == null || id.isEmpty() ? null : id(id);
    return row;
  }

  /** Text is a UUID; bytes come as hexadecimal digits after a mark that no UUID has. */
  private UUID id(String text) {
    if (!text.startsWith("x")) {
      return JsonEventLine.uuid(text, order, line);
    }
    var bytes = ByteBuffer.wrap(HexFormat.of().parseHex(text.substring(1)));
    if (bytes.remaining() == 0) {
      return null;
    }
    if (bytes.remaining() != ID_BYTES) {
      throw order.defect(line, "record_id", "must have 16 bytes, but has " + bytes.remaining());
    }
    // A .NET Guid: its first three groups are little-endian.
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    var first = Integer.toUnsignedLong(bytes.getInt());
    var second = Short.toUnsignedLong(bytes.getShort());
    var third = Short.toUnsignedLong(bytes.getShort());
    bytes.order(ByteOrder.BIG_ENDIAN);
    return new UUID(first << 32 | second << 16 | third, bytes.getLong());
  }

  private Long number(EventsFileColumn column) throws SQLException {
    var value = rows.getLong(index.get(column));
    return rows.wasNull() ? null : value;
  }

  private String text(EventsFileColumn column) throws SQLException {
    return rows.getString(index.get(column));
  }

  private <T> T required(T value, String column) {
    if (value == null) {
      throw order.defect(line, column, "must not be null");
    }
    return value;
  }

  private static String query(Connection connection, Path path, EventsFileOrder order)
      throws SQLException {
    var source = "read_parquet('" + pattern(path) + "', hive_partitioning = false)";
    Map<String, String> types = new LinkedHashMap<>();
    try (var statement = connection.createStatement();
        var columns = statement.executeQuery("DESCRIBE SELECT * FROM " + source)) {
      while (columns.next()) {
        types.put(columns.getString("column_name"), columns.getString("column_type"));
      }
    }
    for (var name : types.keySet()) {
      if (EventsFileColumn.named(name) == null) {
        throw order.defectOfAll(name, "is not a column of kdb.records");
      }
    }
    return Stream.of(EventsFileColumn.values())
        .map(column -> expression(column, types.get(column.label()), order))
        .collect(Collectors.joining(", ", "SELECT ", " FROM " + source));
  }

  private static String expression(EventsFileColumn column, String type, EventsFileOrder order) {
    if (type == null) {
      if (column.required()) {
        throw order.defectOfAll(column.label(), "is missing");
      }
      return "NULL AS " + column.label();
    }
    return switch (column) {
      case LOG_POSITION, COMMIT_POSITION, STREAM_REVISION, CREATED_AT -> {
        if (!type.matches("U?(TINYINT|SMALLINT|INTEGER|BIGINT)")) {
          throw order.defectOfAll(column.label(), "must be a whole number, but is " + type);
        }
        yield "CAST(" + column.label() + " AS BIGINT) AS " + column.label();
      }
      case RECORD_ID ->
          switch (type) {
            case "BLOB" -> "'x' || hex(record_id) AS record_id";
            case "UUID", "VARCHAR" -> "CAST(record_id AS VARCHAR) AS record_id";
            default ->
                throw order.defectOfAll(
                    column.label(), "must be a UUID, text or 16 bytes, but is " + type);
          };
      case STREAM, SCHEMA_NAME, CATEGORY, SCHEMA_ID, SCHEMA_FORMAT, DATA, METADATA -> {
        if (!type.equals("VARCHAR") && !type.equals("JSON") && !type.startsWith("ENUM(")) {
          throw order.defectOfAll(column.label(), "must be text, but is " + type);
        }
        yield "CAST(" + column.label() + " AS VARCHAR) AS " + column.label();
      }
      case EXPIRES_AT, STREAM_HASH, DELETED -> "NULL AS " + column.label();
    };
  }

  /** DuckDB takes a path for a pattern: brackets make each of its signs stand for itself. */
  private static String pattern(Path path) {
    return path.toString().replaceAll("[\\[*?]", "[$0]").replace("'", "''");
  }

  private static String unusable(SQLException e) {
    return "the Parquet data cannot be read: " + e.getMessage();
  }

  private static void close(Connection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      throw ErrorCode.INTERNAL.error().causedBy(e);
    }
  }
}
