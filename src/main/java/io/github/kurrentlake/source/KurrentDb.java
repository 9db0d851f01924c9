package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.settings.Environment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.adbc.core.AdbcDriver;
import org.apache.arrow.adbc.core.AdbcException;
import org.apache.arrow.adbc.driver.flightsql.FlightSqlConnectionProperties;
import org.apache.arrow.adbc.driver.flightsql.FlightSqlDriver;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.util.AutoCloseables;

/**
 * How to reach a KurrentDB: address, trust and where the credentials are. It holds no secret, so it
 * may travel to executors; each task opens its own connection.
 *
 * @param endpoint the node
 * @param caCertificate the PEM text of the authority that signed the node's certificate; empty for
 *     those that Java trusts
 * @param credentials where name and password are found
 */
public record KurrentDb(Endpoint endpoint, String caCertificate, Credentials credentials)
    implements Serializable {

  /**
   * Reads the CA certificate here, on the driver, so that executors need no file.
   *
   * @param caCertificate a PEM file, or the PEM text itself
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-104 when the file cannot be read
   */
  public static KurrentDb at(
      Endpoint endpoint, Optional<String> caCertificate, Credentials credentials) {
    return new KurrentDb(
        endpoint, caCertificate.map(KurrentDb::certificate).orElse(""), credentials);
  }

  /**
   * The cluster at an endpoint, with the credentials of this process's environment and the
   * authorities that Java trusts; for notebooks.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-103 without credentials, KL-210 for
   *     what is no endpoint
   */
  public static KurrentDb at(String endpoint) {
    var address = Endpoint.parse(endpoint);
    return at(address, Optional.empty(), Credentials.of(Environment.ofProcess(), address));
  }

  /** The options by which {@code format("kurrentdb")} reaches the same place. */
  public Map<String, String> options() {
    var options = new HashMap<>(credentials.options());
    options.put("endpoint", endpoint.toString());
    if (!caCertificate.isEmpty()) {
      options.put("tlsCa", caCertificate);
    }
    return Map.copyOf(options);
  }

  /**
   * Opens a connection.
   *
   * @param memoryLimit the bytes that its batches may take at a time
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-201 to KL-207
   */
  public Connection connect(long memoryLimit) {
    var parameters = new HashMap<String, Object>();
    AdbcDriver.PARAM_URI.set(parameters, endpoint.uri().toString());
    // The header instead of the driver's user and password: KurrentDB answers a handshake with the
    // password itself as a bearer token, which the driver would keep for the connection's life.
    parameters.put(
        FlightSqlConnectionProperties.RPC_CALL_HEADER_PREFIX + "authorization",
        credentials.header().reveal());
    if (!caCertificate.isEmpty()) {
      // The driver sizes its copy by available(), which only a stream over bytes answers in full.
      FlightSqlConnectionProperties.TLS_ROOT_CERTS.set(
          parameters, new ByteArrayInputStream(caCertificate.getBytes(StandardCharsets.US_ASCII)));
    }
    var allocator = new RootAllocator(memoryLimit);
    try {
      var database = new FlightSqlDriver(allocator).open(parameters);
      return new Connection(this, allocator, database, database.connect());
    } catch (AdbcException | RuntimeException e) {
      AutoCloseables.closeNoChecked(() -> closeAfterFailure(allocator, e));
      throw Failures.translate(e, this, "");
    }
  }

  // The driver leaves its client open when the first call fails; the memory it holds is none.
  private static void closeAfterFailure(RootAllocator allocator, Exception failure) {
    try {
      allocator.close();
    } catch (IllegalStateException leak) {
      failure.addSuppressed(leak);
    }
  }

  private static String certificate(String pathOrText) {
    if (pathOrText.startsWith("-----BEGIN")) {
      return pathOrText;
    }
    try {
      return Files.readString(Path.of(pathOrText), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw ErrorCode.UNREADABLE_FILE.error().with("file", pathOrText).causedBy(e);
    }
  }
}
