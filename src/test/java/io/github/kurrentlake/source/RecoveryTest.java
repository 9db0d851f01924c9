package io.github.kurrentlake.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb.Deployment;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.testing.SharedSpark;
import io.github.kurrentlake.testing.WireProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad wires and servers that go away: the events read are exactly the events there, or none. */
class RecoveryTest {
  private static final long EVENTS = 20_000;
  private static final int PAYLOAD = 300;

  private static final List<SourceColumn> COLUMNS =
      List.of(
          SourceColumn.LOG_POSITION,
          new SourceColumn("data", DataTypes.StringType),
          new SourceColumn("created_at", DataTypes.TimestampType));

  @TempDir private static Path directory;
  private static Node node;

  @BeforeAll
  static void fillTheLog() {
    SharedSpark.session();
    node = Node.start(directory);
    node.kurrentdb().append(Node.orders(1, EVENTS, PAYLOAD));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {20_000, 700_000, 2_000_000})
  void aStreamThatIsCutIsTakenUpWhereItBroke(long bytes) throws IOException {
    try (var proxy = WireProxy.to(node.kurrentdb().endpoint())) {
      var reading = new Reading(request(proxy.endpoint(), Map.of()));
      proxy.cutAfter(bytes, 3);
      assertThat(reading.all()).isEqualTo(everything());
      assertThat(proxy.faultsLeft()).isZero();
      assertThat(reading.retries).isGreaterThanOrEqualTo(3);
    }
  }

  @Test
  void aDamagedByteIsNoticedAndReadAgain() throws IOException {
    try (var proxy = WireProxy.to(node.kurrentdb().endpoint())) {
      var reading = new Reading(request(proxy.endpoint(), Map.of()));
      proxy.corruptAfter(500_000, 2);
      assertThat(reading.all()).isEqualTo(everything());
      assertThat(proxy.faultsLeft()).isZero();
    }
  }

  @Test
  void aConnectionThatCarriesNothingAnyMoreIsGivenUp() throws IOException {
    try (var proxy = WireProxy.to(node.kurrentdb().endpoint())) {
      var reading = new Reading(request(proxy.endpoint(), Map.of("callTimeout", "2s")));
      proxy.freezeAfter(500_000, 1);
      assertThat(reading.all()).isEqualTo(everything());
      assertThat(proxy.faultsLeft()).isZero();
      assertThat(reading.retries).isPositive();
    }
  }

  @Test
  void aServerThatNeverAnswersIsReported() throws IOException {
    try (var proxy = WireProxy.to(node.kurrentdb().endpoint())) {
      proxy.freezeAfter(0, 100);
      var options = Map.of("callTimeout", "300ms", "maxRetries", "2");
      assertThatThrownBy(() -> request(proxy.endpoint(), options).plan(OptionalLong.empty()))
          .isInstanceOfSatisfying(
              KurrentlakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMED_OUT));
      assertThat(proxy.connections()).isEqualTo(3);
    }
  }

  @Test
  void aServerThatRestartsMidStreamIsReadOn() {
    var reading = new Reading(request(node.kurrentdb().endpoint(), Map.of()));
    reading.beforeBatch =
        batch -> {
          if (batch == 2 || batch == 3 || batch == 7) {
            node.kurrentdb().restart();
          }
        };
    assertThat(reading.all()).isEqualTo(everything());
  }

  @Test
  @Timeout(60)
  void aTaskThatIsKilledEnds() {
    for (var point = 0; point <= 10; point++) {
      var killedAt = point;
      var reading = new Reading(request(node.kurrentdb().endpoint(), Map.of()));
      reading.beforeBatch =
          batch -> {
            if (batch == killedAt) {
              Thread.currentThread().interrupt();
            }
          };
      try {
        // Who is told to stop when everything is there already may finish: five batches are ahead.
        assertThat(reading.all()).isEqualTo(everything());
        assertThat(point).isGreaterThan(4);
      } catch (UncheckedIOException e) {
        assertThat(e).hasRootCauseInstanceOf(InterruptedException.class);
      }
      assertThat(Thread.interrupted()).isTrue();
      assertThat(reading.retries).isZero();
    }
  }

  @Test
  void sparkReadsAcrossCutsToo() throws IOException {
    try (var proxy = WireProxy.to(node.kurrentdb().endpoint())) {
      proxy.cutAfter(400_000, 4);
      var positions = node.read(proxy.endpoint()).load().select("log_position").as(Encoders.LONG());
      assertThat(positions.collectAsList()).containsExactlyInAnyOrderElementsOf(everything());
      var data = node.read(proxy.endpoint()).load().select("data");
      assertThat(data.distinct().count()).isEqualTo(EVENTS);
      assertThat(proxy.faultsLeft()).isZero();
    }
  }

  @Test
  void eventsOutOfOrderAreNeverResumedOnlyReadAnew() throws IOException {
    try (var other = EmbeddedKurrentDb.builder().insecure().start();
        var proxy = WireProxy.to(other.endpoint())) {
      // Every tenth event was written in a transaction that was committed nine events later.
      var records = Node.orders(1, 9_000, PAYLOAD).toList();
      var log = new ArrayList<>(records);
      for (var i = 0; i + 10 <= log.size(); i += 10) {
        var early = log.remove(i);
        var commit = log.get(i + 8).logPosition() + 1;
        log.add(i + 9, early.committedAt(commit));
      }
      other.append(log.stream());
      var options = Map.of("endpoint", proxy.endpoint().toString(), "retryWait", "20ms");
      var request = LogRequest.of(new CaseInsensitiveStringMap(options));
      assertThat(new Reading(request).all().stream().sorted().toList())
          .isEqualTo(records.stream().map(LogRecord::logPosition).toList());
      var cut = new Reading(request);
      proxy.cutAfter(2_000_000, 1);
      assertThatThrownBy(cut::all)
          .isInstanceOf(KurrentlakeException.class)
          .hasMessageContaining("not resumed: the events did not arrive in order");
    }
  }

  @Test
  void aNodeThatLostWhatItHadCountedIsNotBelieved() {
    try (var other = EmbeddedKurrentDb.builder().insecure().start()) {
      other.append(Node.orders(1, 1_000, 10));
      var options =
          Map.of("endpoint", other.endpoint().toString(), "retryWait", "5ms", "maxRetries", "2");
      var reading = new Reading(LogRequest.of(new CaseInsensitiveStringMap(options)));
      other.truncateAfter(900 * 210);
      assertThatThrownBy(reading::all)
          .isInstanceOfSatisfying(
              KurrentlakeException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.EVENTS_MISSING))
          .hasMessageContaining("counted: 100")
          .hasMessageContaining("arrived: 0");
    }
  }

  @Test
  void whatIsPermanentIsNotRetried() throws IOException {
    try (var proxy = WireProxy.to(node.kurrentdb().endpoint())) {
      var options = new HashMap<>(node.options(proxy.endpoint()).asCaseSensitiveMap());
      options.put("passwordFile", directory.resolve("user").toString());
      assertFailsAtOnce(options, ErrorCode.UNAUTHENTICATED, proxy);
    }
    try (var unlicensed =
            EmbeddedKurrentDb.builder().insecure().withoutLicence(Deployment.CLUSTER).start();
        var proxy = WireProxy.to(unlicensed.endpoint())) {
      var options = Map.of("endpoint", proxy.endpoint().toString());
      assertFailsAtOnce(options, ErrorCode.NOT_LICENSED, proxy);
    }
    var reading =
        new Reading(
            request(node.kurrentdb().endpoint(), Map.of()),
            List.of(new SourceColumn("no_such_column", DataTypes.LongType)));
    assertThatThrownBy(reading::all)
        .isInstanceOfSatisfying(
            KurrentlakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.QUERY_FAILED))
        .hasMessageContaining("SELECT \"no_such_column\"");
    assertThat(reading.retries).isZero();
  }

  private static void assertFailsAtOnce(
      Map<String, String> options, ErrorCode code, WireProxy proxy) {
    var request = LogRequest.of(new CaseInsensitiveStringMap(options));
    assertThatThrownBy(() -> request.plan(OptionalLong.empty()))
        .isInstanceOfSatisfying(
            KurrentlakeException.class, e -> assertThat(e.code()).isEqualTo(code));
    assertThat(proxy.connections()).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"UNAVAILABLE", "CANCELLED", "UNKNOWN"})
  void streamsThatANodeEndsAsItShutsDownAreReadOn(String code) {
    try (var other = EmbeddedKurrentDb.builder().insecure().start()) {
      other.append(Node.orders(1, EVENTS, PAYLOAD));
      var status =
          new CallStatus(FlightStatusCode.valueOf(code)).withDescription("Server is shutting down");
      var reading = new Reading(reached(other.endpoint(), Map.of()));
      other.endStreams(4, status);
      assertThat(reading.all()).isEqualTo(everything());
      assertThat(reading.retries).isPositive();

      // An answer that never comes whole is asked for three times.
      var request = reached(other.endpoint(), Map.of("maxRetries", "2"));
      var before = other.statements();
      other.endStreams(1_000, status);
      assertThatThrownBy(() -> request.plan(OptionalLong.empty()))
          .isInstanceOfSatisfying(
              KurrentlakeException.class, e -> assertThat(Retries.isTransient(e)).isTrue())
          .hasMessageContaining("Server is shutting down");
      assertThat(other.statements() - before).isBetween(3L, 6L);
    }
  }

  @Test
  void aNodeThatHasClosedItsIndexIsAskedAgain() {
    try (var other = EmbeddedKurrentDb.builder().insecure().start()) {
      other.append(Node.orders(1, EVENTS, PAYLOAD));
      var request = reached(other.endpoint(), Map.of());
      other.closeIndex(7);
      var reading = new Reading(request);
      other.closeIndex(7);
      assertThat(reading.all()).isEqualTo(everything());
      assertThat(reading.retries).isPositive();
    }
  }

  @Test
  void aBalancerThatSendsTheCallsOfAConnectionToSeveralNodesIsNamed() {
    try (var nodes = EmbeddedKurrentDb.builder().insecure().behindLoadBalancer().start()) {
      nodes.append(Node.orders(1, 10, 10));
      var request = reached(nodes.endpoint(), Map.of());
      assertFails(() -> request.plan(OptionalLong.empty()), ErrorCode.SEVERAL_NODES);
    }
  }

  @Test
  void aBalancerOfConnectionsIsNoHindrance() throws IOException {
    try (var one = EmbeddedKurrentDb.builder().insecure().start();
        var another = EmbeddedKurrentDb.builder().insecure().start();
        var balancer = WireProxy.between(one.endpoint(), another.endpoint())) {
      one.append(Node.orders(1, EVENTS, PAYLOAD));
      another.append(Node.orders(1, EVENTS, PAYLOAD));
      balancer.cutAfter(700_000, 3);
      assertThat(new Reading(reached(balancer.endpoint(), Map.of())).all()).isEqualTo(everything());
      assertThat(balancer.faultsLeft()).isZero();
    }
  }

  @Test
  void fewerEventsThanWereWrittenAreNoAnswer() throws IOException {
    try (var whole = EmbeddedKurrentDb.builder().insecure().start();
        var behind = EmbeddedKurrentDb.builder().insecure().start()) {
      whole.append(Node.orders(1, 100, 10));
      behind.appendUnindexed(Node.orders(1, 100, 10));
      behind.index(40);
      var end = Map.of("endingPosition", "21000");

      var request = reached(behind.endpoint(), end);
      assertFails(() -> request.plan(OptionalLong.empty()), ErrorCode.SOURCE_BEHIND);
      var stream = new EventStream(request, COLUMNS, directory.resolve("behind").toString());
      var ends = new LogOffset(21_000);
      assertFails(
          () -> stream.planInputPartitions(new LogOffset(-1), ends), ErrorCode.SOURCE_BEHIND);
      stream.stop();

      // Planned by the node that has everything, read from the other one.
      try (var balancer = WireProxy.between(whole.endpoint(), behind.endpoint())) {
        var reading = new Reading(reached(balancer.endpoint(), end));
        assertFails(reading::all, ErrorCode.EVENTS_MISSING);
      }

      behind.index();
      assertThat(new Reading(request).all()).hasSize(100);
      behind.rebuildIndex();
      assertFails(() -> request.plan(OptionalLong.empty()), ErrorCode.SOURCE_BEHIND);
      behind.index();
      // Where the last event is gone for good, a later one tells that the index has come so far.
      behind.append(Node.orders(101, 101, 10));
      behind.forget(21_000);
      assertThat(new Reading(request).all()).hasSize(99);
    }
  }

  @Test
  void payloadsAreNotTakenForGoneByANodeThatIsBehind() throws IOException {
    try (var whole = EmbeddedKurrentDb.builder().insecure().start();
        var behind = EmbeddedKurrentDb.builder().insecure().start();
        var balancer = WireProxy.between(whole.endpoint(), whole.endpoint(), behind.endpoint())) {
      whole.append(Node.orders(1, 100, 10));
      behind.appendUnindexed(Node.orders(1, 100, 10));
      var reading = new Reading(reached(balancer.endpoint(), Map.of()));
      whole.leaveUnfilled(1_000);
      assertFails(reading::all, ErrorCode.EVENTS_MISSING);
    }
  }

  private static LogRequest reached(URI endpoint, Map<String, String> options) {
    var all = new HashMap<>(Map.of("endpoint", endpoint.toString(), "retryWait", "5ms"));
    all.putAll(options);
    return LogRequest.of(new CaseInsensitiveStringMap(all));
  }

  private static void assertFails(ThrowingCallable read, ErrorCode code) {
    assertThatThrownBy(read)
        .isInstanceOfSatisfying(
            KurrentlakeException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void aServerThatStaysAwayIsReported() {
    try (var starting = EmbeddedKurrentDb.builder().insecure().notReady().start()) {
      var options = Map.of("endpoint", starting.endpoint().toString(), "retryWait", "5ms");
      var request = LogRequest.of(new CaseInsensitiveStringMap(options));
      assertThatThrownBy(() -> request.plan(OptionalLong.empty()))
          .isInstanceOfSatisfying(
              KurrentlakeException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE));
    }
  }

  @Test
  void anUntrustedServerGetsNoPassword() {
    var options = new HashMap<>(node.options().asCaseSensitiveMap());
    options.remove("tlsCa");
    var request = LogRequest.of(new CaseInsensitiveStringMap(options));
    assertThatThrownBy(() -> request.plan(OptionalLong.empty()))
        .isInstanceOfSatisfying(
            KurrentlakeException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNTRUSTED_CERTIFICATE));
  }

  @Test
  void eventsOfTensOfMegabytesArrive() {
    var size = 30 << 20;
    try (var large = EmbeddedKurrentDb.builder().insecure().start()) {
      large.append(Stream.of(1L, 2L, 3L).map(number -> Node.order(number, "x".repeat(size))));
      var lengths =
          SharedSpark.session()
              .read()
              .format(KurrentDbSource.NAME)
              .option("endpoint", large.endpoint().toString())
              .load()
              .selectExpr("length(data)")
              .as(Encoders.INT());
      assertThat(lengths.collectAsList()).hasSize(3).allMatch(length -> length > size);
    }
  }

  @Test
  void batchesLargerThanATasksMemoryAreReadInHalves() {
    try (var dense = EmbeddedKurrentDb.builder().insecure().start()) {
      // Positions that promise small events, so that planning cannot know better.
      var payload = "x".repeat(3 << 20);
      dense.append(
          LongStream.rangeClosed(1, 16)
              .mapToObj(
                  number ->
                      LogRecord.json(
                          number, number, number, "order-1", "OrderPlaced", null, payload)));
      var options = Map.of("endpoint", dense.endpoint().toString(), "maxMemoryPerTask", "24m");
      var reading = new Reading(LogRequest.of(new CaseInsensitiveStringMap(options)));
      assertThat(reading.all()).isEqualTo(LongStream.rangeClosed(1, 16).boxed().toList());

      var tiny = Map.of("endpoint", dense.endpoint().toString(), "maxMemoryPerTask", "2m");
      assertThatThrownBy(new Reading(LogRequest.of(new CaseInsensitiveStringMap(tiny)))::all)
          .isInstanceOfSatisfying(
              KurrentlakeException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.RESULT_TOO_LARGE));
    }
  }

  @Test
  void aTasksMemoryDoesNotGrowWithItsRange() {
    // Seven megabytes in one range, in batches of 0.8 of which the client fetches five ahead.
    var options = Map.of("maxMemoryPerTask", "6m", "maxBytesPerPartition", "1g");
    var request = request(node.kurrentdb().endpoint(), options);
    var whole = new PositionRange(-1, Long.MAX_VALUE, EVENTS);
    var reading = new Reading(request, COLUMNS, List.of(whole));
    assertThat(reading.all()).isEqualTo(everything());
    assertThat(reading.retries).isZero();
    assertThat(reading.bytes).isGreaterThan(6 << 20);
  }

  private static List<Long> everything() {
    return LongStream.rangeClosed(1, EVENTS).map(n -> n * (PAYLOAD + 200)).boxed().toList();
  }

  private static LogRequest request(URI endpoint, Map<String, String> options) {
    var all = new HashMap<>(node.options(endpoint).asCaseSensitiveMap());
    all.putAll(options);
    return LogRequest.of(new CaseInsensitiveStringMap(all));
  }

  /** What Spark's tasks do, one range after the other, with a hand on every batch. */
  private static final class Reading {
    private final List<SourceColumn> columns;
    private final LogRequest request;
    private final List<PositionRange> ranges;
    private IntConsumer beforeBatch = batch -> {};
    private long retries;
    private long bytes;

    Reading(LogRequest request) {
      this(request, COLUMNS);
    }

    Reading(LogRequest request, List<SourceColumn> columns) {
      this(request, columns, request.plan(OptionalLong.empty()));
    }

    Reading(LogRequest request, List<SourceColumn> columns, List<PositionRange> ranges) {
      this.request = request;
      this.columns = columns;
      this.ranges = ranges;
    }

    List<Long> all() {
      var positions = new ArrayList<Long>();
      for (var partition : RangePartition.all(request, columns, ranges)) {
        var reader = new RangeReader((RangePartition) partition);
        try (reader) {
          var number = 0;
          beforeBatch.accept(number++);
          while (reader.next()) {
            var batch = reader.get();
            for (var row = 0; row < batch.numRows(); row++) {
              positions.add(batch.column(0).getLong(row));
              assertThat(batch.column(1).getUTF8String(row).numBytes()).isPositive();
            }
            beforeBatch.accept(number++);
          }
        } finally {
          for (var metric : reader.currentMetricsValues()) {
            retries += metric.name().equals(ReadMetrics.Retried.NAME) ? metric.value() : 0;
            bytes += metric.name().equals(ReadMetrics.Bytes.NAME) ? metric.value() : 0;
          }
        }
      }
      return positions;
    }
  }
}
