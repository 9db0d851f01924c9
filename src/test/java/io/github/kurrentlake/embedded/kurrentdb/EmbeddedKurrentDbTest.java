package io.github.kurrentlake.embedded.kurrentdb;

import static io.github.kurrentlake.embedded.kurrentdb.TestClient.descriptor;
import static io.github.kurrentlake.embedded.kurrentdb.TestClient.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb.Deployment;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.arrow.flight.CallOptions;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.auth2.BasicAuthCredentialWriter;
import org.apache.arrow.flight.grpc.CredentialCallOption;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

class EmbeddedKurrentDbTest {
  private static final String ALL = "SELECT log_position FROM kdb.records";

  @Test
  void anEmptyLogHasNoRecordAndNoLastPosition() throws Exception {
    try (var node = plaintext();
        var client = TestClient.admin(node)) {
      assertThat(node.recordCount()).isZero();
      assertThat(node.lastPosition()).isEqualTo(-1);
      assertThat(client.rows(ALL)).isEmpty();
    }
  }

  @Test
  void appendedRecordsAreVisibleInTheirOrder() throws Exception {
    try (var node = plaintext();
        var client = TestClient.admin(node)) {
      node.append(Records.orders(60_000));
      assertThat(node.recordCount()).isEqualTo(60_000);
      assertThat(node.lastPosition()).isEqualTo(6_000_000);
      assertThat(client.rows(ALL))
          .isEqualTo(LongStream.rangeClosed(1, 60_000).mapToObj(i -> List.of(i * 100)).toList());
    }
  }

  @Test
  void aRecordBeforeTheEndOfTheLogIsRefusedAndThoseBeforeItStay() {
    try (var node = plaintext()) {
      node.append(Records.orders(3));
      for (var position : new long[] {-1, 3, 2}) {
        assertThatThrownBy(() -> node.append(Stream.of(Records.order(4), Records.order(position))))
            .isInstanceOfSatisfying(
                KurrentlakeException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.LOG_NOT_ASCENDING));
        assertThat(node.recordCount()).isEqualTo(4);
        node.truncateAfter(300);
      }
    }
  }

  @Test
  void aSystemEventTakesItsPlaceInTheLogUnseen() {
    try (var node = plaintext()) {
      node.append(Stream.of(Records.order(1), event(150, "$settings", "x")));
      assertThat(node.lastPosition()).isEqualTo(100);
      assertThatThrownBy(() -> node.append(Stream.of(event(120, "a", "x"))))
          .isInstanceOf(KurrentlakeException.class);
    }
  }

  @Test
  void aTransactionCommitsInTheOrderOfItsCommitWithPositionsOfItsOwn() {
    try (var node = plaintext()) {
      node.append(
          Stream.of(
              event(100, "a", "x"),
              event(50, "b", "x").committedAt(110),
              event(60, "b", "x").committedAt(110),
              event(120, "a", "x")));
      assertThat(node.recordCount()).isEqualTo(4);
      assertThatThrownBy(() -> node.append(Stream.of(event(60, "c", "x").committedAt(130))))
          .isInstanceOf(KurrentlakeException.class);
      assertThatThrownBy(() -> node.append(Stream.of(event(70, "c", "x").committedAt(90))))
          .isInstanceOf(KurrentlakeException.class);
    }
  }

  @Test
  void unindexedRecordsBecomeVisibleAsAPrefixThatGrows() throws Exception {
    try (var node = plaintext();
        var client = TestClient.admin(node)) {
      node.append(Stream.of(Records.order(1)));
      node.appendUnindexed(LongStream.rangeClosed(2, 6).mapToObj(Records::order));
      assertThat(client.rows(ALL)).hasSize(1);
      node.index(2);
      assertThat(client.rows(ALL)).containsExactly(List.of(100L), List.of(200L), List.of(300L));
      node.index(1);
      assertThat(node.lastPosition()).isEqualTo(400);
      node.append(Stream.of(Records.order(7)));
      assertThat(client.rows(ALL)).hasSize(7);
      node.appendUnindexed(Stream.of(Records.order(8)));
      node.index();
      assertThat(node.lastPosition()).isEqualTo(800);
    }
  }

  @Test
  void aScavengeReachesRecordsThatAreNotIndexedYet() throws Exception {
    try (var node = plaintext();
        var client = TestClient.admin(node)) {
      node.append(Stream.of(Records.order(1), Records.order(2)));
      node.appendUnindexed(Stream.of(Records.order(11)));
      node.scavenge("order-1");
      node.scavenge(200);
      node.index();
      assertThat(client.rows("SELECT DISTINCT data FROM kdb.records"))
          .containsExactly(List.of("{}"));
    }
  }

  @Test
  void aTruncatedLogGrowsAgainFromThere() {
    try (var node = plaintext()) {
      node.append(Records.orders(5));
      node.truncateAfter(250);
      assertThat(node.lastPosition()).isEqualTo(200);
      node.append(Stream.of(event(260, "a", "x")));
      assertThat(node.recordCount()).isEqualTo(3);
    }
  }

  @Test
  void aRestartKeepsTheLogAndThePortAndVoidsTicketsAndStatements() throws Exception {
    try (var node = EmbeddedKurrentDb.builder().start()) {
      node.append(Records.orders(3));
      var endpoint = node.endpoint();
      try (var client = TestClient.admin(node)) {
        var info = client.raw().getFlightInfo(descriptor(query(ALL)));
        var statement = client.sql().prepare(ALL);
        node.restart();
        assertThat(node.endpoint()).isEqualTo(endpoint);
        assertThatThrownBy(() -> TestClient.rows(client.stream(info)))
            .hasMessage("Exception was thrown by handler.");
        var failure = catchThrowableOfType(FlightRuntimeException.class, () -> statement.execute());
        assertThat(failure.status().code()).isEqualTo(FlightStatusCode.NOT_FOUND);
        assertThat(client.rows(ALL)).hasSize(3);
      }
    }
  }

  @Test
  void aRestartCutsAStreamThatIsBeingRead() throws Exception {
    try (var node = plaintext();
        var client = TestClient.admin(node)) {
      node.append(Records.orders(200_000));
      try (var stream = client.stream("SELECT *, repeat(data, 20) FROM kdb.records")) {
        assertThat(stream.next()).isTrue();
        node.restart();
        var failure =
            catchThrowableOfType(
                FlightRuntimeException.class,
                () -> {
                  while (stream.next()) {
                    assertThat(stream.getRoot().getRowCount()).isPositive();
                  }
                });
        assertThat(failure.status().code())
            .isIn(
                FlightStatusCode.UNAVAILABLE,
                FlightStatusCode.CANCELLED,
                FlightStatusCode.UNKNOWN,
                FlightStatusCode.INTERNAL);
      }
      awaitNoQuery(node);
    }
  }

  @Test
  void aDeadlineInterruptsTheQuery() throws Exception {
    try (var node = plaintext();
        var client = TestClient.admin(node)) {
      node.append(Records.orders(200_000));
      var endless =
          "SELECT count(*) FROM (SELECT stream_revision AS x FROM kdb.records) a JOIN"
              + " (SELECT stream_revision AS y FROM kdb.records) b ON x * y % 7 <> x + y";
      var sql = client.sql();
      var ticket = sql.execute(endless).getEndpoints().get(0).getTicket();
      var failure =
          catchThrowableOfType(
              FlightRuntimeException.class,
              () ->
                  TestClient.rows(
                      sql.getStream(ticket, CallOptions.timeout(500, TimeUnit.MILLISECONDS))));
      assertThat(failure.status().code()).isEqualTo(CallStatus.TIMED_OUT.code());
      awaitNoQuery(node);
    }
  }

  @Test
  void aReaderThatStopsEarlyEndsTheQuery() throws Exception {
    try (var node = plaintext();
        var client = TestClient.admin(node)) {
      node.append(Records.orders(200_000));
      try (var stream = client.stream("SELECT *, repeat(data, 20) FROM kdb.records")) {
        assertThat(stream.next()).isTrue();
        assertThat(node.runningQueries()).isEqualTo(1);
        stream.cancel("enough", null);
      }
      awaitNoQuery(node);
    }
  }

  @Test
  void aTakenPortIsNamed() {
    try (var node = plaintext()) {
      var port = node.endpoint().getPort();
      assertThatThrownBy(() -> EmbeddedKurrentDb.builder().port(port).start().close())
          .isInstanceOfSatisfying(
              KurrentlakeException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.PORT_IN_USE))
          .hasMessageContaining("port: " + port);
    }
  }

  @Test
  void withoutALicenceEveryCallFailsButAWrongPasswordIsToldFirst() throws Exception {
    try (var node =
        EmbeddedKurrentDb.builder().plaintext().withoutLicence(Deployment.CLUSTER).start()) {
      for (var client : List.of(TestClient.admin(node), TestClient.anonymous(node))) {
        try (client) {
          var failure = failure(client);
          assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
          assertThat(failure.getStatus().getDescription())
              .isEqualTo(
                  "Arrow Flight SQL is not licensed. Required entitlement: ARROW_FLIGHT_SQL");
        }
      }
      try (var client = TestClient.withHeader(node, TestClient.basic("admin", "wrong"))) {
        assertThat(failure(client).getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      }
    }
  }

  @Test
  void whatOneNodeGaveTheOtherBehindABalancerDoesNotKnow() throws Exception {
    try (var nodes = EmbeddedKurrentDb.builder().insecure().behindLoadBalancer().start();
        var client = TestClient.anonymous(nodes)) {
      nodes.append(Records.orders(3));
      var ticket =
          client.sql().execute("SELECT 1 FROM kdb.records").getEndpoints().get(0).getTicket();
      assertThatThrownBy(() -> TestClient.rows(client.sql().getStream(ticket)))
          .hasMessage("Exception was thrown by handler.");
      assertThat(TestClient.rows(client.sql().getStream(ticket))).hasSize(3);

      var statement = client.sql().prepare("SELECT 1 FROM kdb.records");
      assertThatThrownBy(statement::execute)
          .hasMessageContaining("Prepared statement handle doesn't exist");
    }
  }

  @Test
  void aNodeThatIsNotReadyAsksNotToRetry() throws Exception {
    try (var node = EmbeddedKurrentDb.builder().plaintext().notReady().start();
        var client = TestClient.admin(node)) {
      var failure = failure(client);
      assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(failure.getStatus().getDescription()).isEqualTo("Server not ready");
      var pushback = Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);
      assertThat(failure.getTrailers().get(pushback)).isEqualTo("-1");
    }
  }

  @Test
  void withoutSecondaryIndexingThereIsNoService() throws Exception {
    try (var node = EmbeddedKurrentDb.builder().plaintext().withoutSecondaryIndexing().start();
        var client = TestClient.admin(node)) {
      assertThat(failure(client).getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    }
  }

  @Test
  void anInsecureNodeAsksNobodyWhoTheyAre() throws Exception {
    try (var node = EmbeddedKurrentDb.builder().insecure().start();
        var client = TestClient.anonymous(node)) {
      assertThat(node.endpoint().getScheme()).isEqualTo("grpc");
      assertThat(client.rows(ALL)).isEmpty();
    }
  }

  @Test
  void aClientWithoutTheAuthorityDoesNotTrustTheNode() throws Exception {
    try (var node = EmbeddedKurrentDb.builder().start();
        var allocator = new RootAllocator();
        var client =
            FlightClient.builder(allocator, new Location(node.endpoint())).useTls().build()) {
      var failure =
          catchThrowableOfType(
              FlightRuntimeException.class, () -> new FlightSqlClient(client).execute(ALL));
      assertThat(failure.status().code()).isEqualTo(FlightStatusCode.UNAVAILABLE);
    }
  }

  @Test
  void aHandshakeReturnsTheCredentialsAsABearerToken() throws Exception {
    try (var node = plaintext();
        var allocator = new RootAllocator();
        var client = FlightClient.builder(allocator, new Location(node.endpoint())).build()) {
      var token = client.authenticateBasicToken("admin", "changeit").orElseThrow();
      assertThat(new FlightSqlClient(client).execute(ALL, token).getEndpoints()).hasSize(1);
      var wrong = new CredentialCallOption(new BasicAuthCredentialWriter("admin", "wrong"));
      var failure =
          catchThrowableOfType(FlightRuntimeException.class, () -> client.handshake(wrong));
      assertThat(failure.status().code()).isEqualTo(FlightStatusCode.UNAUTHENTICATED);
    }
  }

  @Test
  void aHandshakeWithoutCredentialsIsRefused() throws Exception {
    try (var node = plaintext();
        var allocator = new RootAllocator();
        var client = FlightClient.builder(allocator, new Location(node.endpoint())).build()) {
      var failure = catchThrowableOfType(FlightRuntimeException.class, () -> client.handshake());
      assertThat(failure.status().code()).isEqualTo(FlightStatusCode.UNAUTHENTICATED);
    }
  }

  private static EmbeddedKurrentDb plaintext() {
    return EmbeddedKurrentDb.builder().plaintext().start();
  }

  private static LogRecord event(long position, String stream, String type) {
    return LogRecord.json(position, 0, 0, stream, type, null, "{}");
  }

  private static StatusRuntimeException failure(TestClient client) {
    return catchThrowableOfType(
        StatusRuntimeException.class, () -> client.raw().getFlightInfo(descriptor(query(ALL))));
  }

  private static void awaitNoQuery(EmbeddedKurrentDb node) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          while (node.runningQueries() > 0) {
            Thread.onSpinWait();
          }
        });
  }
}
