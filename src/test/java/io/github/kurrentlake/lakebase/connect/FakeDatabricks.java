package io.github.kurrentlake.lakebase.connect;

import com.databricks.sdk.core.DatabricksConfig;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The REST endpoints by which Databricks lets somebody into a Lakebase, over HTTP: an instance and
 * an endpoint at 127.0.0.1, and tokens {@code token-1}, {@code token-2} and so on.
 */
public final class FakeDatabricks implements AutoCloseable {
  public static final String TOKEN = "pat-canary";
  static final String ENDPOINT = "projects/p/branches/b/endpoints/e";
  private static final String PAT = "Bearer " + TOKEN;

  private final HttpServer server;
  private final AtomicInteger credentials = new AtomicInteger();
  private final Consumer<String> onToken;
  private volatile Duration lifetime = Duration.ofHours(1);
  private volatile int status = 200;

  private FakeDatabricks(Consumer<String> onToken) throws IOException {
    this.onToken = onToken;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  /**
   * Answers from now on.
   *
   * @param onToken gets every token before it is handed out
   */
  public static FakeDatabricks start(Consumer<String> onToken) throws IOException {
    return new FakeDatabricks(onToken);
  }

  /** Anyone who knows the workspace and has an access token for it. */
  DatabricksLogin login() {
    return new DatabricksLogin(new DatabricksConfig().setHost(host()).setToken(TOKEN));
  }

  /** The workspace's address, which knows {@link #TOKEN}. */
  public String host() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** How long tokens are good from now on. */
  void lifetime(Duration of) {
    lifetime = of;
  }

  /** Answers everything with this status from now on. */
  void status(int code) {
    status = code;
  }

  /** How often somebody has asked for a token. */
  int credentials() {
    return credentials.get();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    if (!PAT.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      send(exchange, path.startsWith("/api") ? 401 : 404, "{}");
    } else if (status != 200) {
      send(exchange, status, "{\"error_code\":\"REFUSED\",\"message\":\"not for you\"}");
    } else {
      switch (exchange.getRequestMethod() + " " + path) {
        case "GET /api/2.0/database/instances/my_lakebase" ->
            send(exchange, 200, "{\"name\":\"my_lakebase\",\"read_write_dns\":\"127.0.0.1\"}");
        case "GET /api/2.0/postgres/" + ENDPOINT ->
            send(
                exchange,
                200,
                "{\"status\":{\"hosts\":{\"host\":\"127.0.0.1\",\"read_write_pooled_host\":\"no\"}}}");
        case "GET /api/2.0/preview/scim/v2/Me" ->
            send(exchange, 200, "{\"userName\":\"app@example.com\"}");
        case "POST /api/2.0/database/credentials" -> credential(exchange, "expiration_time");
        case "POST /api/2.0/postgres/credentials" -> credential(exchange, "expire_time");
        default -> send(exchange, 404, "{\"error_code\":\"NOT_FOUND\",\"message\":\"none\"}");
      }
    }
  }

  private void credential(HttpExchange exchange, String expiry) throws IOException {
    var request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (!request.contains("my_lakebase") && !request.contains(ENDPOINT)) {
      send(exchange, 400, "{\"error_code\":\"BAD_REQUEST\",\"message\":\"no instance\"}");
      return;
    }
    var token = "token-" + credentials.incrementAndGet();
    onToken.accept(token);
    var body =
        "{\"token\":\"%s\",\"%s\":\"%s\"}".formatted(token, expiry, Instant.now().plus(lifetime));
    send(exchange, 200, body);
  }

  private static void send(HttpExchange exchange, int code, String body) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(code, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
