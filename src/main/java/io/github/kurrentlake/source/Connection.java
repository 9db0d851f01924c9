package io.github.kurrentlake.source;

import java.io.IOException;
import java.util.function.Consumer;
import org.apache.arrow.adbc.core.AdbcConnection;
import org.apache.arrow.adbc.core.AdbcDatabase;
import org.apache.arrow.adbc.core.AdbcException;
import org.apache.arrow.adbc.core.AdbcStatement;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;

/** One connection to KurrentDB, for one thread. */
public final class Connection implements AutoCloseable {
  private final KurrentDb kurrentdb;
  private final BufferAllocator allocator;
  private final AdbcDatabase database;
  private final AdbcConnection connection;

  Connection(
      KurrentDb kurrentdb,
      BufferAllocator allocator,
      AdbcDatabase database,
      AdbcConnection connection) {
    this.kurrentdb = kurrentdb;
    this.allocator = allocator;
    this.database = database;
    this.connection = connection;
  }

  /**
   * Runs a statement as ad-hoc text: KurrentDB only imitates prepared statements, and keeps them
   * for the connection. The rows' schema comes with the stream.
   */
  Rows query(String sql) {
    AdbcStatement statement = null;
    try {
      statement = connection.createStatement();
      statement.setSqlQuery(sql);
      return new Rows(sql, statement, statement.executeQuery().getReader());
    } catch (AdbcException | RuntimeException e) {
      AutoCloseables.closeNoChecked(statement);
      throw Failures.translate(e, kurrentdb, sql);
    }
  }

  /** Runs a statement and hands every batch of its rows to the consumer. */
  void forEachBatch(String sql, Consumer<VectorSchemaRoot> consumer) {
    try (var rows = query(sql)) {
      while (rows.next()) {
        consumer.accept(rows.batch());
      }
    }
  }

  @Override
  public void close() {
    AutoCloseables.closeNoChecked(() -> AutoCloseables.close(connection, database, allocator));
  }

  /** The answer to a statement, a batch at a time; each batch replaces the one before. */
  final class Rows implements AutoCloseable {
    private final String sql;
    private final AdbcStatement statement;
    private final ArrowReader reader;

    Rows(String sql, AdbcStatement statement, ArrowReader reader) {
      this.sql = sql;
      this.statement = statement;
      this.reader = reader;
    }

    boolean next() {
      try {
        return reader.loadNextBatch();
      } catch (IOException | RuntimeException e) {
        throw Failures.translate(e, kurrentdb, sql);
      }
    }

    VectorSchemaRoot batch() {
      try {
        return reader.getVectorSchemaRoot();
      } catch (IOException e) {
        throw Failures.translate(e, kurrentdb, sql);
      }
    }

    @Override
    public void close() {
      AutoCloseables.closeNoChecked(() -> AutoCloseables.close(reader, statement));
    }
  }
}
