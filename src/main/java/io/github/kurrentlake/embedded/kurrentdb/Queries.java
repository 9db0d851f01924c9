package io.github.kurrentlake.embedded.kurrentdb;

import io.github.kurrentlake.embedded.kurrentdb.SqlRewriter.RefusedQueryException;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.flight.BackpressureStrategy.CallbackBackpressureStrategy;
import org.apache.arrow.flight.BackpressureStrategy.WaitResult;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBResultSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares, describes and runs queries, each on a connection of its own. A result is passed on
 * batch by batch as the client takes it, so its size does not matter; a client that goes away
 * interrupts its query.
 */
final class Queries {
  /** One execution without parameters. */
  static final List<List<Object>> NO_PARAMETERS = List.of(List.of());

  static final Schema EMPTY_SCHEMA = new Schema(List.of());
  // The size of DuckDB's own vectors, which KurrentDB passes on one by one.
  private static final long BATCH_ROWS = 2048;
  private static final Logger LOG = LoggerFactory.getLogger(Queries.class);

  private final LogDatabase log;
  private final BufferAllocator allocator;
  private final UnfilledVectors unfilled;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicLong statements = new AtomicLong();
  private final AtomicLong rows = new AtomicLong();
  private final AtomicInteger toEnd = new AtomicInteger();
  private final AtomicInteger toFail = new AtomicInteger();
  private volatile CallStatus ending = CallStatus.UNAVAILABLE;

  Queries(LogDatabase log, BufferAllocator allocator, UnfilledVectors unfilled) {
    this.log = log;
    this.allocator = allocator;
    this.unfilled = unfilled;
  }

  /** What a prepared query returns and takes; the names of parameters are their numbers. */
  record Description(Schema dataset, Schema parameters) {}

  /** Parses and rewrites a client's SQL; whether its columns exist shows only when it runs. */
  String prepare(String sql) {
    try (var connection = log.connect()) {
      return SqlRewriter.rewrite(connection, sql);
    } catch (SQLException | RefusedQueryException e) {
      throw Statuses.opaque(e);
    }
  }

  /** Binds a rewritten query without running it. */
  Description describe(String query) {
    try (var connection = index();
        var statement = connection.prepareStatement(query)) {
      var columns = statement.getMetaData();
      var dataset = new ArrayList<Column>();
      for (var i = 1; i <= columns.getColumnCount(); i++) {
        dataset.add(new Column(columns.getColumnName(i), columns.getColumnTypeName(i)));
      }
      var placeholders = statement.getParameterMetaData();
      var parameters = new ArrayList<Column>();
      for (var i = 1; i <= placeholders.getParameterCount(); i++) {
        parameters.add(new Column(String.valueOf(i), placeholders.getParameterTypeName(i)));
      }
      // DuckDB knows no column while the type of a parameter is open.
      var open = dataset.stream().anyMatch(Column::isOpen);
      return new Description(
          open ? EMPTY_SCHEMA : schema(connection, dataset), schema(connection, parameters));
    } catch (SQLException | IOException e) {
      throw Statuses.opaque(e);
    }
  }

  /** The guard of one result stream; made before the stream begins, for it must see a cancel. */
  static final class Flow extends CallbackBackpressureStrategy {
    private final ServerStreamListener listener;
    private PreparedStatement running;
    private boolean cancelled;

    Flow(ServerStreamListener listener) {
      this.listener = listener;
      register(listener);
    }

    @Override
    protected void cancelCallback() {
      interrupt();
    }

    private synchronized void interrupt() {
      cancelled = true;
      if (running != null) {
        try {
          running.cancel();
        } catch (SQLException e) {
          LOG.warn("A cancelled query could not be interrupted", e);
        }
      }
    }

    private synchronized void begin(PreparedStatement statement) {
      running = statement;
    }

    private synchronized void end() {
      running = null;
    }

    private synchronized boolean isCancelled() {
      return cancelled;
    }

    /** False when the client has gone. */
    private boolean put() {
      if (waitForListener(0) != WaitResult.READY) {
        return false;
      }
      listener.putNext();
      return true;
    }
  }

  /** How many statements were run so far. */
  long statements() {
    return statements.get();
  }

  /** How many rows were sent so far. */
  long rows() {
    return rows.get();
  }

  /** Ends the next so many streams of rows with this status when their first batch is sent. */
  void end(int streams, CallStatus status) {
    ending = status;
    toEnd.set(streams);
  }

  /** Lets the next so many uses of the index fail, to describe a query or to run it. */
  void fail(int uses) {
    toFail.set(uses);
  }

  private DuckDBConnection index() throws SQLException {
    if (toFail.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new SQLException("The index is closed");
    }
    return log.connect();
  }

  /** How many executions have not ended yet. */
  int running() {
    return running.get();
  }

  /** Runs a rewritten query once per row of parameters and streams all results as one. */
  void stream(String query, List<List<Object>> parameters, Flow flow) {
    try {
      if (parameters.isEmpty()) {
        throw new SQLException("No row of parameters is bound");
      }
      try (var first = new Run(query, parameters.get(0), flow)) {
        var root = first.reader.getVectorSchemaRoot();
        flow.listener.start(root, first.reader);
        var open = true;
        while (open && first.reader.loadNextBatch()) {
          unfilled.apply(root, query);
          rows.addAndGet(root.getRowCount());
          open = flow.put();
          if (open && toEnd.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            flow.listener.error(ending.toRuntimeException());
            return;
          }
        }
        var loader = new VectorLoader(root);
        for (var row : parameters.subList(1, parameters.size())) {
          if (!open) {
            break;
          }
          try (var next = new Run(query, row, flow)) {
            var unloader = new VectorUnloader(next.reader.getVectorSchemaRoot());
            while (open && next.reader.loadNextBatch()) {
              try (var batch = unloader.getRecordBatch()) {
                loader.load(batch);
              }
              unfilled.apply(root, query);
              rows.addAndGet(root.getRowCount());
              open = flow.put();
            }
          }
        }
      }
      if (!flow.isCancelled()) {
        flow.listener.completed();
      }
    } catch (SQLException | IOException | RuntimeException e) {
      if (flow.isCancelled()) {
        LOG.debug("A query was cancelled by its client");
        flow.listener.error(CallStatus.CANCELLED.toRuntimeException());
      } else {
        flow.listener.error(Statuses.opaque(e));
      }
    }
  }

  /** One execution with everything it holds, closed in reverse order. */
  private final class Run implements AutoCloseable {
    private final Flow flow;
    private final DuckDBConnection connection;
    private PreparedStatement statement;
    private DuckDBResultSet result;
    private ArrowReader reader;

    Run(String query, List<Object> parameters, Flow flow) throws SQLException {
      this.flow = flow;
      this.connection = index();
      running.incrementAndGet();
      statements.incrementAndGet();
      try {
        statement = connection.prepareStatement(query);
        if (statement.getParameterMetaData().getParameterCount() != parameters.size()) {
          throw new SQLException("Not every parameter is bound");
        }
        for (var i = 0; i < parameters.size(); i++) {
          statement.setObject(i + 1, parameters.get(i));
        }
        flow.begin(statement);
        result = (DuckDBResultSet) statement.executeQuery();
        reader = (ArrowReader) result.arrowExportStream(allocator, BATCH_ROWS);
      } catch (SQLException | RuntimeException e) {
        close();
        throw e;
      }
    }

    @Override
    public void close() throws SQLException {
      flow.end();
      try (connection;
          var closedThird = statement;
          var closedSecond = result;
          var closedFirst = reader) {
        LOG.trace("A query ended");
      } catch (IOException e) {
        throw new SQLException(e);
      } finally {
        running.decrementAndGet();
      }
    }
  }

  /** A column as DuckDB names its type. */
  private record Column(String name, String type) {
    boolean isOpen() {
      return type.equals("UNKNOWN") || type.equals("INVALID");
    }
  }

  /** DuckDB itself translates its types to Arrow's, so that this is the schema of the stream. */
  private Schema schema(DuckDBConnection connection, List<Column> columns)
      throws SQLException, IOException {
    if (columns.isEmpty()) {
      return EMPTY_SCHEMA;
    }
    var nulls = new StringJoiner(", ", "SELECT ", "");
    for (var column : columns) {
      var type = column.isOpen() ? "INTEGER" : column.type();
      nulls.add("NULL::" + type + " AS " + LogDatabase.identifier(column.name()));
    }
    try (var statement = connection.prepareStatement(nulls.toString());
        var result = (DuckDBResultSet) statement.executeQuery();
        var reader = (ArrowReader) result.arrowExportStream(allocator, BATCH_ROWS)) {
      var fields = new ArrayList<Field>();
      for (var i = 0; i < columns.size(); i++) {
        fields.add(
            columns.get(i).isOpen()
                ? Field.nullable(columns.get(i).name(), ArrowType.Null.INSTANCE)
                : reader.getVectorSchemaRoot().getSchema().getFields().get(i));
      }
      return new Schema(fields);
    }
  }
}
