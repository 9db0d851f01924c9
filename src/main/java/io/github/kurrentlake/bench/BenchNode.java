package io.github.kurrentlake.bench;

import io.github.kurrentlake.bench.BenchOptions.Transport;
import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An embedded KurrentDB in a JVM of its own, whose log ends when it is told to go on. */
final class BenchNode implements AutoCloseable {
  /** DuckDB's memory is outside of the heap. */
  private static final String HEAP = "1g";

  private final ChildJvm jvm;
  private final NodeAddress address;

  private BenchNode(ChildJvm jvm, NodeAddress address) {
    this.jvm = jvm;
    this.address = address;
  }

  /**
   * Starts a node.
   *
   * @param events how many loan events its log holds
   * @param years the time that they span; 0 for what the sample loans take by themselves
   */
  static BenchNode start(BenchOptions options, long events, int years) {
    var directory = options.directory();
    try {
      var authority = Files.createTempFile(directory, "", "-ca.pem");
      var jvm =
          ChildJvm.start(
              BenchNode.class,
              HEAP,
              List.of(
                  options.transport().name(),
                  authority.toString(),
                  String.valueOf(events),
                  String.valueOf(years)),
              directory.resolve("kurrentdb.log"));
      try {
        return new BenchNode(jvm, NodeAddress.of(jvm.answer(), authority, directory));
      } catch (RuntimeException e) {
        jvm.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  NodeAddress address() {
    return address;
  }

  /** Lets the log go on by so many loan events. */
  void append(long events) {
    jvm.ask("append " + events);
  }

  /** Takes back what was appended since the start. */
  void truncate() {
    jvm.ask("truncate");
  }

  Duration cpu() {
    return jvm.cpu();
  }

  @Override
  public void close() {
    jvm.close();
  }

  public static void main(String[] arguments) throws IOException {
    var answers = ChildJvm.answers();
    var transport = Transport.valueOf(arguments[0]);
    var builder = EmbeddedKurrentDb.builder();
    try (var kurrentdb =
            switch (transport) {
              case TLS -> builder.start();
              case PLAINTEXT -> builder.insecure().start();
            };
        var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      if (transport == Transport.TLS) {
        Files.writeString(Path.of(arguments[1]), kurrentdb.caCertificate());
      }
      var log = BenchLog.of(Long.parseLong(arguments[2]), Integer.parseInt(arguments[3]));
      kurrentdb.append(log.beginning());
      var end = kurrentdb.lastPosition();
      answers.println(kurrentdb.endpoint());
      for (var order = orders.readLine(); order != null; order = orders.readLine()) {
        if (order.equals("truncate")) {
          kurrentdb.truncateAfter(end);
        } else {
          kurrentdb.append(log.next(Long.parseLong(order.substring("append ".length()))));
        }
        answers.println("done");
      }
    }
  }
}
