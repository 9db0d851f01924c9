package io.github.kurrentlake.embedded.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server and the shell that stops it when this process is gone. */
final class PostgresProcess {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresProcess.class);
  private static final long PATIENCE_SECONDS = 60;
  private static final int LINES_KEPT = 20;

  /**
   * Waits for the end of its stdin, which is the end of the JVM, and then stops the server. Signals
   * of the terminal go to the JVM, which may want the server yet; nobody may read what is said.
   */
  private static final String SHELL =
      """
      trap '' INT HUP TERM PIPE
      delete=$1
      shift
      exec 3<&0
      "$@" 3<&- &
      server=$!
      { cat <&3 >/dev/null 2>&1; kill -INT "$server"; } >/dev/null 2>&1 &
      watcher=$!
      wait "$server"
      code=$?
      kill -KILL "$watcher" 2>/dev/null
      [ -z "$delete" ] || rm -rf "$delete"
      exit "$code"
      """;

  /** Whether the data is still wanted when the server has ended. */
  enum Durability {
    TEMPORARY,
    LASTING
  }

  /** The port was free a moment ago. */
  static final class PortTaken extends IOException {
    PortTaken(String message) {
      super(message);
    }
  }

  private final Process process;
  private final ArrayDeque<String> lastLines = new ArrayDeque<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();

  private PostgresProcess(Process process) {
    this.process = process;
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Returns when the server answers. */
  static PostgresProcess start(
      PostgresBinaries binaries,
      PostgresDirectory directory,
      Unprivileged user,
      int port,
      Durability durability)
      throws IOException {
    var settings =
        new ArrayList<>(
            List.of(
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=",
                "wal_level=logical",
                // A slot shows a commit only when it is flushed.
                "synchronous_commit=on",
                "max_connections=100",
                "max_prepared_transactions=10",
                "log_timezone=UTC",
                "timezone=UTC",
                "jit=off"));
    settings.add(
        switch (durability) {
          case TEMPORARY -> "fsync=off";
          case LASTING -> "fsync=on";
        });
    var arguments = new ArrayList<>(List.of("-D", directory.data().toString()));
    settings.forEach(setting -> arguments.addAll(List.of("-c", setting)));
    var delete =
        switch (durability) {
          case TEMPORARY -> directory.base().toString();
          case LASTING -> "";
        };
    var command = new ArrayList<>(List.of("/bin/sh", "-c", SHELL, "sh", delete));
    command.addAll(user.command(binaries.postgres(), arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(new java.io.File("/"));
    var started = new PostgresProcess(builder.start());
    started.awaitReady();
    return started;
  }

  /** Stops the server and returns when it has ended. */
  void stop() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("PostgreSQL does not end: " + lines());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      // It ends all the same, a moment later.
      Thread.currentThread().interrupt();
    }
  }

  private void awaitReady() throws IOException {
    var reader = new Thread(this::readLog, "postgres-log");
    reader.setDaemon(true);
    reader.start();
    try {
      ready.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      stop();
      var lines = lines();
      if (lines.contains("Address already in use")) {
        throw new PortTaken(lines);
      }
      throw new IOException("PostgreSQL did not start: " + lines, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop();
      throw new IOException("interrupted while PostgreSQL started", e);
    }
  }

  private void readLog() {
    try (var log =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = log.readLine(); line != null; line = log.readLine()) {
        LOG.debug("{}", line);
        keep(line);
        if (line.contains("database system is ready to accept connections")) {
          ready.complete(null);
        }
      }
      ready.completeExceptionally(new IOException("it ended"));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  private synchronized void keep(String line) {
    if (lastLines.size() == LINES_KEPT) {
      lastLines.removeFirst();
    }
    lastLines.addLast(line);
  }

  private synchronized String lines() {
    return String.join("\n    ", lastLines);
  }
}
