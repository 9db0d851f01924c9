package io.github.kurrentlake.embedded.kurrentdb;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBConnection;

/**
 * Collects records as Arrow vectors and hands them to DuckDB at once, which is a lot faster than
 * DuckDB's appender with its call per value.
 */
final class RecordBatch implements AutoCloseable {
  /** A row group of DuckDB, which goes to its file without a detour through the write-ahead log. */
  private static final int MAX_RECORDS = 122_880;

  /** Keeps records with huge payloads from filling the memory. */
  private static final long MAX_BYTES = 64L * 1024 * 1024;

  private final BufferAllocator allocator;
  private final BigIntVector logPosition;
  private final BigIntVector commitPosition;
  private final BigIntVector streamRevision;
  private final BigIntVector createdAt;
  private final VarCharVector stream;
  private final VarCharVector schemaName;
  private final VarCharVector category;
  private final VarCharVector schemaId;
  private final VarCharVector schemaFormat;
  private final VarBinaryVector recordId;
  private final VarCharVector data;
  private final VarCharVector metadata;
  private final VectorSchemaRoot root;
  private int size;
  private long bytes;

  RecordBatch(BufferAllocator allocator) {
    this.allocator = allocator;
    logPosition = new BigIntVector("log_position", allocator);
    commitPosition = new BigIntVector("commit_position", allocator);
    streamRevision = new BigIntVector("stream_revision", allocator);
    createdAt = new BigIntVector("created_at", allocator);
    stream = new VarCharVector("stream", allocator);
    schemaName = new VarCharVector("schema_name", allocator);
    category = new VarCharVector("category", allocator);
    schemaId = new VarCharVector("schema_id", allocator);
    schemaFormat = new VarCharVector("schema_format", allocator);
    recordId = new VarBinaryVector("record_id", allocator);
    data = new VarCharVector("data", allocator);
    metadata = new VarCharVector("metadata", allocator);
    root =
        new VectorSchemaRoot(
            List.of(
                logPosition,
                commitPosition,
                streamRevision,
                createdAt,
                stream,
                schemaName,
                category,
                schemaId,
                schemaFormat,
                recordId,
                data,
                metadata));
  }

  void add(LogRecord record) {
    logPosition.setSafe(size, record.logPosition());
    if (record.orderPosition() != record.logPosition()) {
      commitPosition.setSafe(size, record.orderPosition());
    }
    streamRevision.setSafe(size, record.streamRevision());
    createdAt.setSafe(size, record.createdAt());
    set(stream, record.stream());
    set(schemaName, record.schemaName());
    set(category, record.categoryOrDerived());
    set(schemaId, record.schemaId());
    set(schemaFormat, record.schemaFormat());
    recordId.setSafe(size, LogDatabase.guid(record.recordId()));
    set(data, record.data());
    set(metadata, record.metadata());
    size++;
  }

  boolean isFull() {
    return size >= MAX_RECORDS || bytes >= MAX_BYTES;
  }

  /** Inserts what was collected in one transaction and starts again. */
  void insertInto(String table, DuckDBConnection connection) throws SQLException {
    if (size == 0) {
      return;
    }
    root.setRowCount(size);
    try (var source = ArrowArrayStream.allocateNew(allocator)) {
      Data.exportArrayStream(allocator, new Once(allocator, root), source);
      connection.registerArrowStream("incoming", source);
      try (var statement = connection.createStatement()) {
        statement.execute("INSERT INTO " + table + " SELECT * FROM incoming");
        statement.execute("DROP VIEW incoming");
      }
    } finally {
      root.clear();
      size = 0;
      bytes = 0;
    }
  }

  private void set(VarCharVector vector, String text) {
    if (text != null) {
      var encoded = text.getBytes(StandardCharsets.UTF_8);
      vector.setSafe(size, encoded);
      bytes += encoded.length;
    }
  }

  @Override
  public void close() {
    root.close();
  }

  /** A stream of one batch, whose vectors belong to someone else. */
  private static final class Once extends ArrowReader {
    private final VectorSchemaRoot batch;
    private boolean done;

    Once(BufferAllocator allocator, VectorSchemaRoot batch) {
      super(allocator);
      this.batch = batch;
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() {
      return batch;
    }

    @Override
    public boolean loadNextBatch() {
      var first = !done;
      done = true;
      return first;
    }

    @Override
    public long bytesRead() {
      return 0;
    }

    @Override
    public void close() {
      closeReadSource();
    }

    @Override
    protected void closeReadSource() {
      done = true;
    }

    @Override
    protected Schema readSchema() {
      return batch.getSchema();
    }
  }
}
