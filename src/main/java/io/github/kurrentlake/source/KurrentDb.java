package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.settings.Environment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.adbc.core.AdbcDriver;
import org.apache.arrow.adbc.driver.flightsql.FlightSqlConnectionProperties;
import org.apache.arrow.adbc.driver.flightsql.FlightSqlDriver;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * How to reach a KurrentDB: address, trust and where the credentials are. It holds no secret, so it
 * may travel to executors; each task opens its own connection.
 *
 * @param endpoint the node
 * @param caCertificate the PEM text of the authority that signed the node's certificate; empty for
 *     those that Java trusts
 * @param identity the certificate by which the client proves who it is, if the node asks for one
 * @param credentials where name and password are found
 */
public record KurrentDb(
    Endpoint endpoint, String caCertificate, ClientIdentity identity, Credentials credentials)
    implements Serializable {

  /**
   * Where the client's certificate and its key are, on every executor too; the key itself must not
   * travel.
   *
   * @param certificateFile a PEM file; empty when the client has none
   * @param keyFile a PEM file with the key in PKCS #8, not encrypted
   */
  public record ClientIdentity(String certificateFile, String keyFile) implements Serializable {
    static final ClientIdentity NONE = new ClientIdentity("", "");

    boolean isGiven() {
      return !certificateFile.isEmpty();
    }
  }

  /**
   * Reads the CA certificate here, on the driver, so that executors need no file.
   *
   * @param caCertificate a PEM file, or the PEM text itself
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-104 when the file cannot be read
   */
  public static KurrentDb at(
      Endpoint endpoint, Optional<String> caCertificate, Credentials credentials) {
    return new KurrentDb(
        endpoint,
        caCertificate.map(KurrentDb::certificate).orElse(""),
        ClientIdentity.NONE,
        credentials);
  }

  /** The connection that the options of the source describe. */
  static KurrentDb of(CaseInsensitiveStringMap options) {
    SourceOption.refuseSecrets(options);
    var endpoint = SourceOption.ENDPOINT.get(options);
    var files = new HashMap<String, String>();
    SourceOption.USERNAME_FILE
        .find(options)
        .ifPresent(file -> files.put(Credentials.USERNAME_FILE, file));
    SourceOption.PASSWORD_FILE
        .find(options)
        .ifPresent(file -> files.put(Credentials.PASSWORD_FILE, file));
    var credentials = Credentials.of(Environment.ofProcess().with(files), endpoint);
    var certificate = SourceOption.TLS_CERTIFICATE.find(options);
    var key = SourceOption.TLS_KEY.find(options);
    if (certificate.isPresent() != key.isPresent()) {
      throw ErrorCode.MISSING_OPTION
          .error()
          .with(
              "option",
              (key.isPresent() ? SourceOption.TLS_CERTIFICATE : SourceOption.TLS_KEY).name());
    }
    return at(endpoint, SourceOption.TLS_CA.find(options), credentials)
        .withIdentity(new ClientIdentity(certificate.orElse(""), key.orElse("")));
  }

  /** The same place for a client that has a certificate of its own. */
  public KurrentDb withIdentity(ClientIdentity other) {
    return new KurrentDb(endpoint, caCertificate, other, credentials);
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
    options.put(SourceOption.ENDPOINT.name(), endpoint.toString());
    if (!caCertificate.isEmpty()) {
      options.put(SourceOption.TLS_CA.name(), caCertificate);
    }
    if (identity.isGiven()) {
      options.put(SourceOption.TLS_CERTIFICATE.name(), identity.certificateFile());
      options.put(SourceOption.TLS_KEY.name(), identity.keyFile());
    }
    return Map.copyOf(options);
  }

  /**
   * Opens a connection.
   *
   * @param memoryLimit the bytes that its batches may take at a time
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-201 to KL-207, KL-211, KL-212
   */
  public Connection connect(long memoryLimit) {
    // The first contact of a run: an address that is wrong should not look like one that is slow.
    return new Connection(this, memoryLimit, CallPolicy.standard()).opened(2);
  }

  Connection connect(long memoryLimit, CallPolicy policy) {
    return new Connection(this, memoryLimit, policy).opened(policy.maxRetries());
  }

  /** Makes what the driver calls a connection; the first call to the server is part of it. */
  Connection.Session open(BufferAllocator allocator, Call call) {
    var parameters = new HashMap<String, Object>();
    AdbcDriver.PARAM_URI.set(parameters, endpoint.uri().toString());
    // The header instead of the driver's user and password: KurrentDB answers a handshake with the
    // password itself as a bearer token, which the driver would keep for the connection's life.
    parameters.put(
        FlightSqlConnectionProperties.RPC_CALL_HEADER_PREFIX + "authorization",
        credentials.header().reveal());
    if (!caCertificate.isEmpty()) {
      FlightSqlConnectionProperties.TLS_ROOT_CERTS.set(parameters, stream(caCertificate));
    }
    if (identity.isGiven()) {
      FlightSqlConnectionProperties.MTLS_CERT_CHAIN.set(
          parameters, stream(file(identity.certificateFile())));
      FlightSqlConnectionProperties.MTLS_PRIVATE_KEY.set(
          parameters, stream(file(identity.keyFile())));
    }
    try (call) {
      var database = new FlightSqlDriver(allocator).open(parameters);
      return new Connection.Session(allocator, database, call.await(database::connect));
    } catch (Exception e) {
      closeAfterFailure(allocator, e);
      throw call.isTimedOut()
          ? ErrorCode.TIMED_OUT.error().with("endpoint", endpoint).causedBy(e)
          : Failures.translate(e, this, "");
    }
  }

  // The driver leaves its client open when the first call fails; the memory it holds is none.
  private static void closeAfterFailure(BufferAllocator allocator, Exception failure) {
    try {
      allocator.close();
    } catch (IllegalStateException leak) {
      failure.addSuppressed(leak);
    }
  }

  /** The driver sizes its copy by available(), which only a stream over bytes answers in full. */
  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
  }

  private static String certificate(String pathOrText) {
    return pathOrText.startsWith("-----BEGIN") ? pathOrText : file(pathOrText);
  }

  private static String file(String path) {
    try {
      return Files.readString(Path.of(path), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw ErrorCode.UNREADABLE_FILE.error().with("file", path).causedBy(e);
    }
  }
}
