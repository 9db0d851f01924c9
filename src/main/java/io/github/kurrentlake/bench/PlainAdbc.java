package io.github.kurrentlake.bench;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.source.RecordColumns;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.arrow.adbc.core.AdbcDriver;
import org.apache.arrow.adbc.core.AdbcException;
import org.apache.arrow.adbc.driver.flightsql.FlightSqlConnectionProperties;
import org.apache.arrow.adbc.driver.flightsql.FlightSqlDriver;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;

/** The floors: one query over plain ADBC, without a line of Kurrentlake between. */
final class PlainAdbc {
  /** What Bronze stores of an event. */
  private static final String EVENTS =
      Stream.of(RecordColumns.SCHEMA.fieldNames())
          .map(
              column ->
                  column.equals(RecordColumns.CREATED_AT)
                      ? "epoch_ms(created_at) AS created_at"
                      : column)
          .collect(Collectors.joining(", ", "SELECT ", " FROM kdb.records WHERE category = '%s'"));

  private final NodeAddress node;
  private final String events;

  PlainAdbc(NodeAddress node, String category) {
    this.node = node;
    this.events = EVENTS.formatted(category);
  }

  /** What was read: events, and the bytes of their Arrow vectors. */
  record Drained(long events, long bytes) {}

  /** Reads all events and drops them. */
  Drained drain() {
    var count = new long[2];
    query(
        events,
        batch -> {
          count[0] += batch.getRowCount();
          count[1] += batch.getFieldVectors().stream().mapToLong(FieldVector::getBufferSize).sum();
        });
    return new Drained(count[0], count[1]);
  }

  /** Reads all events into one Parquet file, compressed as Bronze's are, and gives their number. */
  long write(Path file) {
    return open(
        events,
        (reader, allocator) -> {
          try (var duckdb = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:");
              var stream = ArrowArrayStream.allocateNew(allocator);
              var statement = duckdb.createStatement()) {
            Data.exportArrayStream(allocator, reader, stream);
            duckdb.registerArrowStream("events", stream);
            return (long)
                statement.executeUpdate(
                    "COPY (SELECT * FROM events) TO '%s' (FORMAT parquet, COMPRESSION snappy)"
                        .formatted(file));
          }
        });
  }

  /** Hands every batch of an answer to the consumer. */
  void query(String sql, Consumer<VectorSchemaRoot> consumer) {
    open(
        sql,
        (reader, allocator) -> {
          while (reader.loadNextBatch()) {
            consumer.accept(reader.getVectorSchemaRoot());
          }
          return null;
        });
  }

  private interface Use<T> {
    T of(ArrowReader reader, RootAllocator allocator) throws IOException, SQLException;
  }

  private <T> T open(String sql, Use<T> use) {
    try (var allocator = new RootAllocator();
        var database = new FlightSqlDriver(allocator).open(parameters());
        var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.setSqlQuery(sql);
      try (var reader = statement.executeQuery().getReader()) {
        return use.of(reader, allocator);
      }
    } catch (AdbcException e) {
      throw failed(e);
    } catch (Exception e) {
      // What close() declares; the rest comes as it is.
      throw e instanceof RuntimeException unchecked ? unchecked : failed(e);
    }
  }

  private Map<String, Object> parameters() throws IOException {
    var parameters = new HashMap<String, Object>();
    AdbcDriver.PARAM_URI.set(parameters, node.endpoint().uri().toString());
    if (node.endpoint().isTls()) {
      parameters.put(
          FlightSqlConnectionProperties.RPC_CALL_HEADER_PREFIX + "authorization", node.header());
      FlightSqlConnectionProperties.TLS_ROOT_CERTS.set(
          parameters, new ByteArrayInputStream(Files.readAllBytes(node.authority())));
    }
    return parameters;
  }

  private static RuntimeException failed(Exception e) {
    return ErrorCode.INTERNAL.error().with("drain", e.getMessage()).causedBy(e);
  }
}
