package io.github.kurrentlake.source;

import com.google.common.util.concurrent.Uninterruptibles;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.arrow.adbc.core.AdbcConnection;
import org.apache.arrow.adbc.core.AdbcDatabase;
import org.apache.arrow.adbc.core.AdbcStatement;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to KurrentDB, for one thread. It survives the end of its session: after a failure
 * the next statement opens another one, since whatever the server gave to the old one (tickets,
 * streams) may have died with it.
 */
public final class Connection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private static final long CLOSE_SECONDS = 30;

  private final KurrentDb kurrentdb;
  private final CallPolicy policy;
  private final BufferAllocator allocator;
  private final ReadCounters counters = new ReadCounters();
  private final ExecutorService thread = Executors.newSingleThreadExecutor(Connection::daemon);
  private Session session;

  Connection(KurrentDb kurrentdb, long memoryLimit, CallPolicy policy) {
    this.kurrentdb = kurrentdb;
    this.policy = policy;
    this.allocator = new RootAllocator(memoryLimit);
  }

  /** What the driver holds for one connection. */
  record Session(BufferAllocator allocator, AdbcDatabase database, AdbcConnection connection)
      implements AutoCloseable {
    @Override
    public void close() throws Exception {
      AutoCloseables.close(connection, database, allocator);
    }
  }

  Retries retries() {
    return new Retries(policy, counters);
  }

  ReadCounters counters() {
    return counters;
  }

  Endpoint endpoint() {
    return kurrentdb.endpoint();
  }

  /** Connects now, so that a wrong address or password shows before anything else happens. */
  Connection opened(int maxRetries) {
    try {
      retrying(this::session, new Retries(policy.withMaxRetries(maxRetries), counters));
      return this;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Runs a statement once, as ad-hoc text: KurrentDB only imitates prepared statements, and keeps
   * them for the connection. The rows' schema comes with the stream.
   *
   * @throws KurrentlakeException also for failures that may pass; the session is then given up
   */
  Rows query(String sql) {
    var call = call();
    var statement = new AtomicReference<AdbcStatement>();
    var reader = new AtomicReference<ArrowReader>();
    try {
      var open = session();
      counters.asked();
      call.await(
          () -> {
            statement.set(open.connection().createStatement());
            statement.get().setSqlQuery(sql);
            reader.set(statement.get().executeQuery().getReader());
            return true;
          });
      return new Rows(sql, call, statement.get(), reader.get());
    } catch (Exception e) {
      try {
        throw failed(e, call, sql);
      } finally {
        closeQuietly(reader.get());
        closeQuietly(statement.get());
        call.close();
        giveUpSession();
      }
    }
  }

  /** Runs a statement with a small answer, again if need be, and collects what is made of it. */
  <T> List<T> ask(String sql, Collector<T> collector) {
    return retrying(
        () -> {
          var answer = new ArrayList<T>();
          try (var rows = query(sql)) {
            while (rows.next()) {
              collector.collect(rows.batch(), answer::add);
            }
          }
          return List.copyOf(answer);
        });
  }

  /** The schema of a statement's rows; it is asked for no row. */
  Schema schema(String sql) {
    return retrying(
        () -> {
          try (var rows = query(sql)) {
            return rows.batch().getSchema();
          }
        });
  }

  /** Takes from a batch what is wanted of it. */
  interface Collector<T> {
    void collect(VectorSchemaRoot batch, Consumer<T> answer);
  }

  /** Repeats what may be repeated until it succeeds or has failed too often. */
  <T> T retrying(Supplier<T> action) {
    return retrying(action, retries());
  }

  private static <T> T retrying(Supplier<T> action, Retries retries) {
    while (true) {
      try {
        return action.get();
      } catch (KurrentlakeException e) {
        retries.await(e);
      }
    }
  }

  private Session session() {
    if (session == null) {
      // A session has an account of its own: if the driver fails to connect it leaves a part open.
      var own = allocator.newChildAllocator("session", 0, allocator.getLimit());
      session = kurrentdb.open(own, call());
    }
    return session;
  }

  private void giveUpSession() {
    closeQuietly(session);
    session = null;
  }

  private KurrentlakeException failed(Exception failure, Call call, String sql) {
    Interruption.check(failure);
    if (call.isTimedOut()) {
      return ErrorCode.TIMED_OUT
          .error()
          .with("endpoint", kurrentdb.endpoint())
          .with("waited", policy.timeout())
          .with("statement", sql)
          .causedBy(failure);
    }
    var error = KurrentDbErrors.translate(failure, kurrentdb, sql);
    if (error.code() != ErrorCode.QUERY_FAILED) {
      return error;
    }
    var valid = isValid(sql);
    if (!valid && isValid(RecordsSql.any())) {
      return error;
    }
    var code = valid && isTicketUnknown() ? ErrorCode.SEVERAL_NODES : ErrorCode.QUERY_INTERRUPTED;
    return KurrentDbErrors.of(code, failure, kurrentdb, sql);
  }

  /**
   * Whether KurrentDB would run the statement. It answers every error with UNKNOWN: a statement
   * that is wrong, and one that is right but whose ticket died with the server's restart or whose
   * memory ran out. To describe a statement it must bind it, which tells the two apart; a node that
   * is shutting down and has closed its index describes none.
   */
  private boolean isValid(String sql) {
    var answer = attempt(sql, AdbcStatement::executeSchema);
    LOG.debug("KurrentDB describes the statement, or fails with {}", answer);
    // No answer is no proof that the statement is wrong.
    return answer.map(Retries::isTransient).orElse(true);
  }

  /**
   * Whether KurrentDB fails even with what takes no memory and no time. Then it is the ticket: a
   * node knows its own only, and the next call came to another one.
   */
  private boolean isTicketUnknown() {
    var answer = attempt(RecordsSql.any(), Connection::drain);
    return answer.filter(failure -> failure.code() == ErrorCode.QUERY_FAILED).isPresent();
  }

  private static boolean drain(AdbcStatement statement) throws Exception {
    try (var result = statement.executeQuery()) {
      while (result.getReader().loadNextBatch()) {
        LOG.trace("KurrentDB answers");
      }
    }
    return true;
  }

  /** What is done once with a statement, to see whether it fails. */
  private interface Attempt<T> {
    T with(AdbcStatement statement) throws Exception;
  }

  /** How a statement fails; empty when it does not. */
  private <T> Optional<KurrentlakeException> attempt(String sql, Attempt<T> attempt) {
    var call = call();
    try (call;
        var statement = session().connection().createStatement()) {
      statement.setSqlQuery(sql);
      call.await(() -> attempt.with(statement));
      return Optional.empty();
    } catch (Exception e) {
      Interruption.check(e);
      return Optional.of(KurrentDbErrors.translate(e, kurrentdb, sql));
    }
  }

  private Call call() {
    return new Call(thread, policy.timeout(), counters);
  }

  private static Thread daemon(Runnable task) {
    var thread = new Thread(task, "kurrentdb-connection");
    thread.setDaemon(true);
    return thread;
  }

  /** Also by a thread that was interrupted, since a stream must be drained to free its memory. */
  private void closeQuietly(AutoCloseable closeable) {
    if (closeable == null) {
      return;
    }
    var closed =
        thread.submit(
            () -> {
              closeable.close();
              return true;
            });
    try {
      Uninterruptibles.getUninterruptibly(closed, CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      // What was broken before it was closed may complain; the failure itself was reported.
      LOG.debug(
          "A broken connection was not closed cleanly: {}", e.getCause().getClass().getName());
    } catch (TimeoutException e) {
      LOG.warn("A connection to {} could not be closed", kurrentdb.endpoint());
    }
  }

  @Override
  public void close() {
    giveUpSession();
    closeQuietly(allocator);
    thread.shutdown();
  }

  /** The answer to a statement, a batch at a time; each batch replaces the one before. */
  final class Rows implements AutoCloseable {
    private final String sql;
    private final Call call;
    private final AdbcStatement statement;
    private final ArrowReader reader;
    private boolean failed;

    Rows(String sql, Call call, AdbcStatement statement, ArrowReader reader) {
      this.sql = sql;
      this.call = call;
      this.statement = statement;
      this.reader = reader;
    }

    boolean next() {
      try {
        return call.await(reader::loadNextBatch);
      } catch (Exception e) {
        failed = true;
        throw failed(e, call, sql);
      }
    }

    VectorSchemaRoot batch() {
      try {
        return reader.getVectorSchemaRoot();
      } catch (IOException | RuntimeException e) {
        throw KurrentDbErrors.translate(e, kurrentdb, sql);
      }
    }

    /** Ends the stream; after a failure the whole session, which may be as broken. */
    @Override
    public void close() {
      closeQuietly(reader);
      closeQuietly(statement);
      call.close();
      if (failed) {
        giveUpSession();
      }
    }
  }
}
