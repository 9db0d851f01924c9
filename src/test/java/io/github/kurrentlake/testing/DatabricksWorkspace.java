package io.github.kurrentlake.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The part of a Databricks workspace that hands out secrets, over HTTP on loopback. */
public final class DatabricksWorkspace implements AutoCloseable {
  public static final String TOKEN = "dapi-canary-51c9a3f7";

  private final Map<String, String> secrets = new ConcurrentHashMap<>();
  private final HttpServer server;

  private DatabricksWorkspace() throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = HttpServer.create(address, 0);
    server.createContext("/", this::answer);
    server.start();
  }

  public static DatabricksWorkspace start() {
    try {
      return new DatabricksWorkspace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String host() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  public DatabricksWorkspace put(String scopeAndKey, String value) {
    secrets.put(scopeAndKey, value);
    return this;
  }

  /** Logs this JVM in, by the file that the build names as the Databricks SDK's profile. */
  public DatabricksWorkspace login() {
    try {
      var profile = "[DEFAULT]%nhost = %s%ntoken = %s%n".formatted(host(), TOKEN);
      Files.writeString(Path.of(System.getenv("DATABRICKS_CONFIG_FILE")), profile);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals("/api/2.0/secrets/get")) {
        send(exchange, 404, Map.of("error_code", "ENDPOINT_NOT_FOUND", "message", "No API here"));
        return;
      }
      if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        send(exchange, 403, Map.of("error_code", "PERMISSION_DENIED", "message", "Invalid token"));
        return;
      }
      var query =
          Arrays.stream(exchange.getRequestURI().getQuery().split("&"))
              .map(parameter -> parameter.split("=", 2))
              .collect(Collectors.toMap(parameter -> parameter[0], parameter -> parameter[1]));
      var value = secrets.get(query.get("scope") + "/" + query.get("key"));
      if (value == null) {
        send(
            exchange,
            404,
            Map.of("error_code", "RESOURCE_DOES_NOT_EXIST", "message", "No such secret"));
        return;
      }
      var bytes = value.getBytes(StandardCharsets.UTF_8);
      send(
          exchange,
          200,
          Map.of("key", query.get("key"), "value", Base64.getEncoder().encodeToString(bytes)));
    }
  }

  private static void send(HttpExchange exchange, int status, Map<String, String> body)
      throws IOException {
    var bytes = new ObjectMapper().writeValueAsBytes(body);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
