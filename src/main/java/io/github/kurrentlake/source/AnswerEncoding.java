package io.github.kurrentlake.source;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightClientMiddleware;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.RootAllocator;

/** How a node compresses its answers, which it says in their headers; ADBC shows none of these. */
public final class AnswerEncoding {
  private static final String HEADER = "grpc-encoding";
  private static final String UNCOMPRESSED = "identity";

  private AnswerEncoding() {}

  /**
   * The name of the encoding, such as gzip; empty when answers are not compressed.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-201 to KL-207
   */
  public static Optional<String> of(KurrentDb kurrentdb) {
    var seen = new AtomicReference<String>();
    try (var allocator = new RootAllocator();
        var client = new FlightSqlClient(client(kurrentdb, allocator, seen))) {
      var headers = new FlightCallHeaders();
      headers.insert("authorization", kurrentdb.credentials().header().reveal());
      client.execute(RecordsSql.any(), new HeaderCallOption(headers));
    } catch (Exception e) {
      throw KurrentDbErrors.translate(e, kurrentdb, "");
    }
    return Optional.ofNullable(seen.get()).filter(name -> !name.equals(UNCOMPRESSED));
  }

  private static FlightClient client(
      KurrentDb kurrentdb, RootAllocator allocator, AtomicReference<String> seen) {
    var builder =
        FlightClient.builder(allocator, new Location(kurrentdb.endpoint().uri()))
            .intercept(call -> new Listener(seen));
    if (!kurrentdb.caCertificate().isEmpty()) {
      builder.trustedCertificates(stream(kurrentdb.caCertificate()));
    }
    var identity = kurrentdb.identity();
    if (identity.isGiven()) {
      builder.clientCertificate(
          stream(Pem.text(identity.certificate())), stream(identity.key().read().reveal()));
    }
    return builder.build();
  }

  private static ByteArrayInputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
  }

  private record Listener(AtomicReference<String> seen) implements FlightClientMiddleware {
    @Override
    public void onBeforeSendingHeaders(CallHeaders outgoing) {}

    @Override
    public void onHeadersReceived(CallHeaders incoming) {
      seen.set(incoming.get(HEADER));
    }

    @Override
    public void onCallCompleted(CallStatus status) {}
  }
}
