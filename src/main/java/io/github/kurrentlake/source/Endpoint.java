package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import java.io.Serializable;
import java.net.URI;

/**
 * The address of a KurrentDB node's Flight SQL service. It holds no credentials: a URI with user
 * information is refused, since addresses are logged.
 *
 * @param uri {@code grpc+tls://HOST:PORT}, or {@code grpc://HOST:PORT} for a node without TLS
 */
public record Endpoint(URI uri) implements Serializable {
  private static final String TLS = "grpc+tls";
  private static final String PLAINTEXT = "grpc";

  /**
   * Reads an endpoint; without a port it is KurrentDB's 2113.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-210 for any other form
   */
  public static Endpoint parse(String text) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw ErrorCode.BAD_ENDPOINT.error().with("endpoint", withoutUser(text));
    }
    var scheme = uri.getScheme();
    var isAddress =
        (TLS.equals(scheme) || PLAINTEXT.equals(scheme))
            && uri.getHost() != null
            && uri.getUserInfo() == null
            && uri.getQuery() == null
            && (uri.getPath().isEmpty() || uri.getPath().equals("/"));
    if (!isAddress) {
      throw ErrorCode.BAD_ENDPOINT.error().with("endpoint", withoutUser(text));
    }
    var port = uri.getPort() < 0 ? 2113 : uri.getPort();
    return new Endpoint(URI.create(scheme + "://" + uri.getHost() + ":" + port));
  }

  /** Whether the connection is encrypted and the server must prove who it is. */
  public boolean isTls() {
    return TLS.equals(uri.getScheme());
  }

  @Override
  public String toString() {
    return uri.toString();
  }

  private static String withoutUser(String text) {
    var at = text.lastIndexOf('@');
    var scheme = text.indexOf("://");
    return at < 0
        ? text
        : (scheme < 0 ? "" : text.substring(0, scheme + 3)) + "******" + text.substring(at);
  }
}
