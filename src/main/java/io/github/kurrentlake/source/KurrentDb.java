package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.settings.Environment;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.adbc.core.AdbcDriver;
import org.apache.arrow.adbc.driver.flightsql.FlightSqlConnectionProperties;
import org.apache.arrow.adbc.driver.flightsql.FlightSqlDriver;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * How to reach a KurrentDB: address, trust and where the credentials are. It holds no secret,
 * except when made for tasks; each task opens its own connection.
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
   * Reads the CA certificate here, on the driver, so that executors need no file.
   *
   * @param caCertificate a PEM file, or the PEM text itself
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-104 when the file cannot be read
   */
  public static KurrentDb at(
      Endpoint endpoint, Optional<String> caCertificate, Credentials credentials) {
    return new KurrentDb(
        endpoint, caCertificate.map(Pem::text).orElse(""), ClientIdentity.NONE, credentials);
  }

  /** The connection that the options of the source describe. */
  static KurrentDb of(CaseInsensitiveStringMap options) {
    SourceOption.refuseSecrets(options);
    var endpoint = SourceOption.ENDPOINT.get(options);
    var ca = SourceOption.TLS_CA.find(options).map(Pem::text).orElse("");
    return new KurrentDb(
        endpoint, ca, ClientIdentity.of(options), Credentials.of(options, endpoint));
  }

  /** The same place as executors reach it: what only the driver can read goes with them. */
  KurrentDb forTasks() {
    try {
      return new KurrentDb(endpoint, caCertificate, identity.forTasks(), credentials.forTasks());
    } catch (KurrentlakeException e) {
      Interruption.check(e);
      throw e;
    }
  }

  /**
   * The cluster at an endpoint, with the credentials of this process's environment and the
   * authorities that Java trusts; for notebooks.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-103 without credentials, KL-210 for
   *     what is no endpoint
   */
  public static KurrentDb at(String endpoint) {
    return at(endpoint, Optional.empty());
  }

  /**
   * The same for a cluster whose certificates an authority of its own has signed; for notebooks.
   *
   * @param tlsCa a PEM file on the driver, as in a volume, or the PEM text itself
   * @throws io.github.kurrentlake.error.KurrentlakeException also KL-104 when the file cannot be
   *     read
   */
  public static KurrentDb at(String endpoint, String tlsCa) {
    return at(endpoint, Optional.of(tlsCa));
  }

  private static KurrentDb at(String endpoint, Optional<String> tlsCa) {
    var address = Endpoint.parse(endpoint);
    return at(address, tlsCa, Credentials.of(Environment.ofProcess(), address));
  }

  /** The options by which {@code format("kurrentdb")} reaches the same place. */
  public Map<String, String> options() {
    var options = new HashMap<>(credentials.options());
    options.put(SourceOption.ENDPOINT.name(), endpoint.toString());
    if (!caCertificate.isEmpty()) {
      options.put(SourceOption.TLS_CA.name(), caCertificate);
    }
    options.putAll(identity.options());
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
          parameters, stream(Pem.text(identity.certificate())));
      FlightSqlConnectionProperties.MTLS_PRIVATE_KEY.set(
          parameters, stream(identity.key().read().reveal()));
    }
    try (call) {
      var database = new FlightSqlDriver(allocator).open(parameters);
      return new Connection.Session(allocator, database, call.await(database::connect));
    } catch (Exception e) {
      closeAfterFailure(allocator, e);
      throw call.isTimedOut()
          ? ErrorCode.TIMED_OUT.error().with("endpoint", endpoint).causedBy(e)
          : KurrentDbErrors.translate(e, this, "");
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
}
