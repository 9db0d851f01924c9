package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.testing.PostgresClient;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.util.PSQLException;

/**
 * Four connections that change a table for a while: short and long transactions that overlap, some
 * rolled back, some in part, with times of change that are sometimes an hour late. Postgres itself
 * keeps account in the table {@code account}: a row for each version that was committed.
 */
final class Writers implements AutoCloseable {
  private static final int WRITERS = 4;
  private static final int KEYS = 400;

  private final PostgresClient postgres;
  private final Instant end;
  private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
  private final List<Future<Integer>> running = new ArrayList<>();
  private final Semaphore committed = new Semaphore(0);
  private final AtomicInteger versions = new AtomicInteger();

  private Writers(PostgresClient postgres, Duration time) {
    this.postgres = postgres;
    this.end = Instant.now().plus(time);
  }

  static void createTable(PostgresClient postgres) {
    postgres.run(
        "CREATE TABLE written (id int PRIMARY KEY, version int NOT NULL,"
            + " changed timestamptz NOT NULL, note text)",
        "CREATE TABLE account (op text, id int, version int)",
        "CREATE FUNCTION keep_account() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " IF TG_OP = 'DELETE' THEN INSERT INTO account VALUES ('delete', OLD.id, NULL);"
            + " ELSE INSERT INTO account VALUES (lower(TG_OP), NEW.id, NEW.version); END IF;"
            + " RETURN NULL; END $$",
        "CREATE TRIGGER keep_account AFTER INSERT OR UPDATE OR DELETE ON written"
            + " FOR EACH ROW EXECUTE FUNCTION keep_account()");
  }

  static Writers start(PostgresClient postgres, Duration time) {
    var writers = new Writers(postgres, time);
    for (var number = 0; number < WRITERS; number++) {
      var random = new Random(number);
      Callable<Integer> task = () -> writers.write(random);
      writers.running.add(writers.threads.submit(task));
    }
    return writers;
  }

  boolean areRunning() {
    return running.stream().anyMatch(writer -> !writer.isDone());
  }

  /** Waits for so many commits more, or the writers' end. */
  void awaitCommits(int count) throws InterruptedException {
    committed.drainPermits();
    while (areRunning() && !committed.tryAcquire(count, 100, TimeUnit.MILLISECONDS)) {
      // The writers may have ended meanwhile.
    }
  }

  /** Waits for the writers' end, and gives the number of their transactions. */
  int join() throws Exception {
    var transactions = 0;
    for (var writer : running) {
      transactions += writer.get();
    }
    return transactions;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private int write(Random random) throws SQLException {
    var transactions = 0;
    try (var connection = postgres.open()) {
      connection.setAutoCommit(false);
      while (Instant.now().isBefore(end)) {
        try {
          transaction(connection, random);
          transactions++;
        } catch (PSQLException e) {
          // Two writers that wait for each other: Postgres has one of them start again.
          connection.rollback();
        }
      }
    }
    return transactions;
  }

  private void transaction(Connection connection, Random random) throws SQLException {
    var changes = 1 + random.nextInt(5);
    for (var change = 0; change < changes; change++) {
      if (random.nextInt(4) == 0) {
        var savepoint = connection.setSavepoint();
        change(connection, random);
        if (random.nextBoolean()) {
          connection.rollback(savepoint);
        }
      } else {
        change(connection, random);
      }
      if (random.nextInt(8) == 0) {
        // The transaction stays open while others come and go.
        execute(connection, "SELECT pg_sleep(%s)".formatted(random.nextInt(4) * 0.1));
      }
    }
    if (random.nextInt(6) == 0) {
      connection.rollback();
    } else {
      connection.commit();
      committed.release();
    }
  }

  private void change(Connection connection, Random random) throws SQLException {
    var id = random.nextInt(KEYS);
    var version = versions.incrementAndGet();
    var late = random.nextInt(5) == 0 ? "interval '1 hour'" : "interval '0'";
    if (random.nextInt(5) == 0) {
      execute(connection, "DELETE FROM written WHERE id = " + id);
    } else {
      execute(
          connection,
          ("INSERT INTO written VALUES (%d, %d, clock_timestamp() - %s, 'n%d')"
                  + " ON CONFLICT (id) DO UPDATE SET version = excluded.version,"
                  + " changed = excluded.changed")
              .formatted(id, version, late, version));
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
