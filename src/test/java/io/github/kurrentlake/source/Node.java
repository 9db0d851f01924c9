package io.github.kurrentlake.source;

import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.settings.Secret;
import io.github.kurrentlake.testing.SharedSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.streaming.DataStreamReader;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** A KurrentDB with TLS and a password that must show up nowhere, and the options to read it. */
final class Node implements AutoCloseable {
  static final String USER = "reader";
  static final String PASSWORD = "canary-7f3a9c51";
  static final long FIRST_CREATED = 1_738_168_933_527L;

  private final EmbeddedKurrentDb kurrentdb;
  private final Path directory;

  private Node(Path directory) {
    this.directory = directory;
    this.kurrentdb = EmbeddedKurrentDb.builder().user(USER, Secret.of(PASSWORD)).start();
    write("user", USER + "\n");
    write("password", PASSWORD + "\n");
    write("ca.pem", kurrentdb.caCertificate());
  }

  static Node start(Path directory) {
    return new Node(directory);
  }

  private void write(String name, String text) {
    try {
      Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  EmbeddedKurrentDb kurrentdb() {
    return kurrentdb;
  }

  CaseInsensitiveStringMap options() {
    return options(kurrentdb.endpoint());
  }

  CaseInsensitiveStringMap options(URI endpoint) {
    return new CaseInsensitiveStringMap(
        Map.of(
            "endpoint", endpoint.toString(),
            "tlsCa", directory.resolve("ca.pem").toString(),
            "usernameFile", directory.resolve("user").toString(),
            "passwordFile", directory.resolve("password").toString(),
            "retryWait", "20ms"));
  }

  DataFrameReader read() {
    return read(kurrentdb.endpoint());
  }

  DataFrameReader read(URI endpoint) {
    return SharedSpark.session()
        .read()
        .format(KurrentDbSource.NAME)
        .options(options(endpoint).asCaseSensitiveMap());
  }

  DataStreamReader readStream(URI endpoint) {
    return SharedSpark.session()
        .readStream()
        .format(KurrentDbSource.NAME)
        .options(options(endpoint).asCaseSensitiveMap());
  }

  /** Orders number {@code from} to {@code to}, at positions that leave room for their size. */
  static Stream<LogRecord> orders(long from, long to, int payload) {
    var filling = "x".repeat(payload);
    return LongStream.rangeClosed(from, to).mapToObj(number -> order(number, filling));
  }

  static LogRecord order(long number, String filling) {
    return LogRecord.json(
        number * (filling.length() + 200L),
        number / 10,
        FIRST_CREATED + number,
        (number % 3 == 0 ? "invoice-" : "order-") + number % 10,
        number % 2 == 0 ? "OrderPlaced" : "OrderShipped",
        new UUID(0, number),
        "{\"number\":%d,\"country\":\"%s\",\"filling\":\"%s\"}"
            .formatted(number, number % 5 == 0 ? "NL" : "DE", filling));
  }

  @Override
  public void close() {
    kurrentdb.close();
  }
}
