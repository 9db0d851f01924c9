package io.github.kurrentlake.cli;

import io.github.kurrentlake.table.Sessions;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.spark.sql.SparkSession;

/**
 * The session of a command. It starts beside what the command does meanwhile, and stops with the
 * command. What SQL makes without saying where lies in the lakehouse.
 */
final class LocalSession implements AutoCloseable {
  private final CompletableFuture<SparkSession> session;

  private LocalSession(CompletableFuture<SparkSession> session) {
    this.session = session;
  }

  /** Begins to start the session, which takes seconds. */
  static LocalSession start(Path lakehouse, String name) {
    // Spark makes this directory; without a word it would lie wherever the user stands.
    System.setProperty("spark.sql.warehouse.dir", lakehouse.toString());
    return new LocalSession(CompletableFuture.supplyAsync(() -> Sessions.local(name)));
  }

  /** The session, as soon as it is there. */
  SparkSession spark() {
    try {
      return session.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  @Override
  public void close() {
    session.thenAccept(SparkSession::stop).exceptionally(failed -> null).join();
  }
}
