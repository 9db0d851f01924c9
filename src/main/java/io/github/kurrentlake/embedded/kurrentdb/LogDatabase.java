package io.github.kurrentlake.embedded.kurrentdb;

import io.github.kurrentlake.error.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.Properties;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log and its index in a DuckDB file of their own, deleted on close. Writers are serialised;
 * readers take a connection each and see what was committed when their query began. An append that
 * fails leaves what came before the offending record, as an interrupted writer would.
 */
final class LogDatabase implements AutoCloseable {
  private static final String VISIBLE = "idx_all";
  private static final String HIDDEN = "not_indexed";
  private static final String COLUMNS =
      """
      (log_position BIGINT NOT NULL, commit_position BIGINT, stream_revision BIGINT NOT NULL,
       created_at BIGINT NOT NULL, stream VARCHAR NOT NULL, schema_name VARCHAR NOT NULL,
       category VARCHAR NOT NULL, schema_id VARCHAR, schema_format VARCHAR NOT NULL,
       record_id BLOB NOT NULL, data VARCHAR, metadata VARCHAR)
      """;
  // Position and number of the columns are what clients of SELECT * rely on.
  private static final String RECORDS =
      """
      SELECT log_position, commit_position, stream_revision, created_at,
             NULL::BIGINT AS expires_at, stream, hash(stream) AS stream_hash, schema_name, category,
             false AS deleted, schema_id, schema_format, record_id, data, metadata
      FROM idx_all
      """;
  private static final Logger LOG = LoggerFactory.getLogger(LogDatabase.class);
  private static final byte[] NO_RECORD_ID = {};

  private final BufferAllocator allocator;
  private final Path directory;
  private final DuckDBConnection connection;
  private final Thread cleaner;
  private long end = -1;
  private long highestPosition = -1;

  LogDatabase(BufferAllocator allocator) {
    this.allocator = allocator;
    try {
      directory = Files.createTempDirectory("kurrentdb-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // For a process that is interrupted before it can close this.
    cleaner = new Thread(() -> delete(directory), "kurrentdb-cleaner");
    Runtime.getRuntime().addShutdownHook(cleaner);
    try {
      var properties = new Properties();
      // Without it DuckDB would keep a whole result in memory before its first batch.
      properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
      connection =
          (DuckDBConnection)
              DriverManager.getConnection(
                  "jdbc:duckdb:" + directory.resolve("kurrent.ddb"), properties);
      var threads = Math.min(4, Runtime.getRuntime().availableProcessors());
      execute("SET memory_limit = '1GB'");
      execute("SET threads = " + threads);
      // Fewer and larger checkpoints: nobody recovers this file.
      execute("SET checkpoint_threshold = '256MB'");
      // The file lives as long as this object: time counts, its size does not.
      execute("SET force_compression = 'uncompressed'");
      // Clients send SQL: it reads this database and neither files nor the network.
      execute("SET enable_external_access = false");
      execute("SET lock_configuration = true");
      execute("CREATE TABLE " + VISIBLE + COLUMNS);
      execute("CREATE TABLE " + HIDDEN + COLUMNS);
      execute("CREATE VIEW " + SqlRewriter.RECORDS + " AS " + RECORDS);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** A connection for one query; the caller closes it. */
  DuckDBConnection connect() throws SQLException {
    return connection.duplicate();
  }

  /** Appends records that are visible at once, with everything that was still hidden. */
  synchronized void append(Iterator<LogRecord> records) {
    index(Long.MAX_VALUE);
    append(VISIBLE, records);
  }

  /** Appends records that no query sees until {@link #index} reaches them. */
  synchronized void appendHidden(Iterator<LogRecord> records) {
    append(HIDDEN, records);
  }

  /** Makes the next hidden records visible, in their order. */
  synchronized void index(long count) {
    try (var transaction = connection.duplicate()) {
      transaction.setAutoCommit(false);
      try (var statement = transaction.createStatement()) {
        var next = " WHERE rowid IN (SELECT rowid FROM %s ORDER BY rowid LIMIT %d)";
        var range = next.formatted(HIDDEN, count);
        statement.execute(
            "INSERT INTO " + VISIBLE + " SELECT * FROM " + HIDDEN + range + " ORDER BY rowid");
        statement.execute("DELETE FROM " + HIDDEN + range);
      }
      transaction.commit();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Hides everything again: an index that is built again begins with nothing. */
  synchronized void hide() {
    index(Long.MAX_VALUE);
    execute(
        "INSERT INTO %s SELECT * FROM %s ORDER BY coalesce(commit_position, log_position), rowid"
            .formatted(HIDDEN, VISIBLE));
    execute("DELETE FROM " + VISIBLE);
  }

  synchronized void scavenge(String stream) {
    update("data = '{}', metadata = '{}' WHERE stream = ?", stream);
  }

  synchronized void scavenge(long logPosition) {
    update("data = '{}', metadata = '{}' WHERE log_position = ?", logPosition);
  }

  synchronized void forget(long logPosition) {
    execute("DELETE FROM " + VISIBLE + " WHERE log_position = " + logPosition);
  }

  /** What is left of a non-JSON payload is the pair of quotes around no base64. */
  synchronized void redact(long logPosition) {
    update(
        "data = CASE schema_format WHEN 'Json' THEN '' ELSE '\"\"' END WHERE log_position = ?",
        logPosition);
  }

  /** Forgets every record behind a position, as a restored or truncated cluster has. */
  synchronized void truncateAfter(long logPosition) {
    var behind = " WHERE coalesce(commit_position, log_position) > " + logPosition;
    execute("DELETE FROM " + VISIBLE + behind);
    execute("DELETE FROM " + HIDDEN + behind);
    end = Math.min(end, logPosition);
    highestPosition = Math.min(highestPosition, logPosition);
  }

  void create(String index, UserIndex definition) {
    try {
      execute(
          "CREATE VIEW "
              + identifier(SqlRewriter.viewOf(index))
              + " AS "
              + definition.definition());
    } catch (SqlRewriter.RefusedQueryException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** The highest log position that a query sees; -1 when there is none. */
  long lastPosition() {
    return number("SELECT coalesce(max(log_position), -1) FROM " + VISIBLE);
  }

  /** How many records a query sees. */
  long count() {
    return number("SELECT count(*) FROM " + VISIBLE);
  }

  static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private void append(String table, Iterator<LogRecord> records) {
    try (var writer = connection.duplicate();
        var batch = new RecordBatch(allocator)) {
      try {
        while (records.hasNext()) {
          var record = records.next();
          advance(record, table, batch, writer);
          if (!record.isSystem()) {
            batch.add(record);
          }
          if (batch.isFull()) {
            batch.insertInto(table, writer);
          }
        }
      } finally {
        batch.insertInto(table, writer);
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Keeps the log in the order of $all, in which a transaction's records share one position. */
  private void advance(LogRecord record, String table, RecordBatch batch, DuckDBConnection writer)
      throws SQLException {
    var position = record.logPosition();
    var order = record.orderPosition();
    var inOrder = record.commitPosition() == null ? order > end : order >= end && order >= position;
    if (inOrder && position <= highestPosition) {
      // Only a legacy transaction comes here; its record may stand anywhere before its commit.
      batch.insertInto(table, writer);
      inOrder = !isTaken(position);
    }
    if (position < 0 || !inOrder) {
      throw ErrorCode.LOG_NOT_ASCENDING
          .error()
          .with("log_position", position)
          .with("end of the log", end);
    }
    end = order;
    highestPosition = Math.max(highestPosition, position);
  }

  private boolean isTaken(long position) {
    var records = "(SELECT count(*) FROM %s WHERE log_position = " + position + ")";
    return number("SELECT " + records.formatted(VISIBLE) + " + " + records.formatted(HIDDEN)) > 0;
  }

  /** The memory of a .NET Guid: its first three groups are little-endian, the rest is not. */
  static byte[] guid(UUID id) {
    if (id == null) {
      return NO_RECORD_ID;
    }
    var high = id.getMostSignificantBits();
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt((int) (high >>> 32))
        .putShort((short) (high >>> 16))
        .putShort((short) high)
        .order(ByteOrder.BIG_ENDIAN)
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  private void update(String assignment, Object key) {
    for (var table : new String[] {VISIBLE, HIDDEN}) {
      try (var statement = connection.prepareStatement("UPDATE " + table + " SET " + assignment)) {
        statement.setObject(1, key);
        statement.execute();
      } catch (SQLException e) {
        throw failed(e);
      }
    }
  }

  private void execute(String sql) {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private long number(String sql) {
    try (var reader = connection.duplicate();
        var statement = reader.createStatement();
        var result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static RuntimeException failed(SQLException e) {
    return ErrorCode.INTERNAL.error().with("database", e.getMessage()).causedBy(e);
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed(e);
    }
    delete(directory);
    try {
      Runtime.getRuntime().removeShutdownHook(cleaner);
    } catch (IllegalStateException e) {
      LOG.debug("The process is ending, and its hooks with it");
    }
  }

  private static void delete(Path directory) {
    var files = directory.toFile().listFiles();
    for (var file : files == null ? new File[0] : files) {
      delete(file.toPath());
    }
    try {
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      LOG.warn("A temporary file stays behind: {}", directory, e);
    }
  }
}
