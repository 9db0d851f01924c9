package io.github.kurrentlake.bronze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb.Deployment;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.LogSpan;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.source.Credentials;
import io.github.kurrentlake.source.Endpoint;
import io.github.kurrentlake.source.KurrentDb;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.KurrentDbs;
import io.github.kurrentlake.testing.WireProxy;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BronzeTest extends OrdersLog {
  @Test
  void anEventStandsInBronzeAsItStandsInTheLog() {
    lakehouse = Lakehouse.at(directory.resolve("without tables"));
    var id = UUID.fromString("18981572-0a1b-4c2d-8e3f-405162738495");
    kurrentdb.append(
        Stream.of(
            new LogRecord(
                0,
                null,
                7,
                TIME,
                "order-1-2",
                "OrderPlaced",
                null,
                "schema-9",
                LogRecord.JSON,
                id,
                "{ \"verbatim\" : [1, 2 ] }",
                "{\"$correlationId\":\"c\"}"),
            LogRecord.binary(90, 8, TIME, "order-1-2", "Scanned", null, new byte[] {1, 2, 3}),
            LogRecord.json(180, 9, TIME, "order-1-2", "Legacy", id, "{}").committedAt(300),
            LogRecord.json(400, 0, TIME, "orders", "Other", id, "{}"),
            LogRecord.json(500, 10, TIME, "order-1-2", "$secret", id, "{}")));

    assertThat(ingest(1000)).isEqualTo(new JobReport(3, 3));
    assertThat(
            rows(
                "log_position",
                "stream",
                "category",
                "schema_name",
                "unix_millis(created_at)",
                "CAST(event_date AS STRING)",
                "data",
                "stream_revision",
                "record_id",
                "metadata",
                "schema_id",
                "schema_format",
                "commit_position"))
        .containsExactly(
            tuple(
                0L,
                "order-1-2",
                "order",
                "OrderPlaced",
                TIME,
                "2025-01-29",
                "{ \"verbatim\" : [1, 2 ] }",
                7L,
                id.toString(),
                "{\"$correlationId\":\"c\"}",
                "schema-9",
                "Json",
                null),
            tuple(
                90L,
                "order-1-2",
                "order",
                "Scanned",
                TIME,
                "2025-01-29",
                "\"AQID\"",
                8L,
                null,
                "{}",
                null,
                "Bytes",
                null),
            tuple(
                180L,
                "order-1-2",
                "order",
                "Legacy",
                TIME,
                "2025-01-29",
                "{}",
                9L,
                id.toString(),
                "{}",
                null,
                "Json",
                300L));
  }

  @Test
  void theLogIsDrainedInBatchesAndTheMarkFollows() {
    append(0, 25);

    assertThat(Bronze.ingest(spark, options(10, kurrentdb), Progress.unwatched()))
        .isEqualTo(
            new JobReport(25, 25)
                .spanning(Optional.of(new LogSpan(-1, 2400, Instant.ofEpochMilli(TIME)))));
    assertThat(positions()).isEqualTo(positions(0, 25));
    assertThat(mark()).isEqualTo(2400);
    // Three commits of data: the batch is what Silver can take at a time.
    assertThat(commits("MERGE")).isEqualTo(3);

    assertThat(ingest(10)).isEqualTo(JobReport.nothingNew());
    assertThat(commits("MERGE")).isEqualTo(3);
  }

  @Test
  void anIncrementReadsNoFileOfEarlierBatches() throws IOException {
    append(0, 10);
    ingest(100);
    var before = dataFiles();
    append(10, 20);
    ingest(100);
    // Anyone who read them now would fail.
    for (var file : before) {
      Files.delete(file);
    }
    append(20, 30);

    assertThat(ingest(100)).isEqualTo(new JobReport(10, 10));
  }

  @Test
  void aPayloadThatKurrentDbHasEmptiedSinceIsKept() {
    append(0, 3);
    ingest(100);
    kurrentdb.scavenge(100);
    kurrentdb.redact(200);
    setMark(0);
    ingest(100);

    assertThat(rows("data")).containsOnly(tuple("{\"n\":1}"));
  }

  @Test
  void aPayloadThatKurrentDbGivesOnlyLaterIsFilledWhenItsEventIsReadAgain() {
    append(0, 3);
    kurrentdb.leaveUnfilled(1_000);
    ingest(100);
    assertThat(rows("data")).extracting(row -> row.toList().get(0)).doesNotContain("{\"n\":1}");
    kurrentdb.leaveUnfilled(0);
    kurrentdb.scavenge(100);

    setMark(-1);
    var again = ingest(100);
    assertThat(again).isEqualTo(new JobReport(3, 0).noting(again.notes()));
    assertThat(again.notes())
        .containsExactly("2 payloads that were missing in Bronze were there now");
    assertThat(rows("log_position", "data <=> '{\"n\":1}'"))
        .containsExactly(tuple(0L, true), tuple(100L, false), tuple(200L, true));
    setMark(-1);
    assertThat(ingest(100)).isEqualTo(new JobReport(3, 0));
  }

  @Test
  void eventsThatAreIndexedLaterArriveLater() {
    kurrentdb.appendUnindexed(records(0, 10));
    kurrentdb.index(4);
    ingest(100);
    assertThat(positions()).isEqualTo(positions(0, 4));

    kurrentdb.index();
    ingest(100);
    assertThat(positions()).isEqualTo(positions(0, 10));
  }

  @Test
  void theMarkPassesNoEventThatTheNodeThatWasReadFromDidNotKnow() throws IOException {
    try (var behind = EmbeddedKurrentDb.builder().insecure().start();
        var whole = EmbeddedKurrentDb.builder().insecure().start();
        // One asks where the batch ends, the other is asked for its events.
        var balancer = WireProxy.between(whole.endpoint(), behind.endpoint())) {
      whole.append(records(0, 10));
      behind.appendUnindexed(records(0, 10));
      behind.index(4);
      var reached = reach(Endpoint.parse(balancer.endpoint().toString()));
      assertCode(() -> ingest(reached), ErrorCode.SOURCE_BEHIND);
      assertThat(
              new HighWaterMark(spark, lakehouse.table(BronzeTables.INGEST_HWM), PIPELINE)
                  .position())
          .isEmpty();

      behind.index();
      ingest(reached);
      assertThat(positions()).isEqualTo(positions(0, 10));
      assertThat(mark()).isEqualTo(900);
    }
  }

  @Test
  void anIndexThatIsBuiltAnewLosesNothing() {
    append(0, 30);
    Progress rebuilds =
        (eventsIn, rowsOut) -> {
          if (eventsIn == 10) {
            kurrentdb.rebuildIndex();
            kurrentdb.index(4);
          }
        };
    // The log seems to end here.
    assertThat(Bronze.ingest(spark, options(10, kurrentdb), rebuilds).spanning(Optional.empty()))
        .isEqualTo(new JobReport(10, 10));
    assertCode(() -> ingest(10), ErrorCode.SOURCE_WENT_BACK);
    kurrentdb.index(11);
    assertThat(ingest(10)).isEqualTo(new JobReport(5, 5));
    assertThat(mark()).isEqualTo(1400);

    kurrentdb.index();
    assertThat(ingest(10)).isEqualTo(new JobReport(15, 15));
    assertThat(positions()).isEqualTo(positions(0, 30));
  }

  @Test
  void whatOthersWriteCostsAnIdleRunNothing() {
    append(0, 10);
    ingest(100);
    var idle = traffic(() -> ingest(100));
    kurrentdb.append(
        IntStream.range(0, 100_000)
            .mapToObj(
                number ->
                    LogRecord.json(10_000L + number, number, TIME, "else-1", "Other", null, "{}")));
    assertThat(traffic(() -> ingest(100))).isEqualTo(idle);
    assertThat(idle).isEqualTo(tuple(2L, 2L));
  }

  /** How many statements KurrentDB ran and how many rows it sent. */
  private org.assertj.core.groups.Tuple traffic(Runnable work) {
    var statements = kurrentdb.statements();
    var rows = kurrentdb.rowsSent();
    work.run();
    return tuple(kurrentdb.statements() - statements, kurrentdb.rowsSent() - rows);
  }

  @Test
  void aCategoryWithoutEventsIsAnErrorUnlessTheLogIsEmptyToo() {
    assertThat(ingest(100)).isEqualTo(JobReport.nothingNew());

    kurrentdb.append(Stream.of(LogRecord.json(0, 0, TIME, "else-1", "Other", null, "{}")));
    assertCode(() -> ingest(100), ErrorCode.UNKNOWN_CATEGORY);
  }

  @Test
  void everyRefusalOfKurrentDbHasItsOwnMessage() throws IOException {
    for (var unlicensed : List.of(Deployment.CLUSTER, Deployment.SINGLE_NODE_OF_26_1)) {
      assertRefused(builder -> builder.withoutLicence(unlicensed), ErrorCode.NOT_LICENSED);
    }
    try (var free =
        EmbeddedKurrentDb.builder().withoutLicence(Deployment.SINGLE_NODE_OF_26_2).start()) {
      ingest(KurrentDbs.reach(free, directory));
    }
    assertRefused(builder -> builder.withoutSecondaryIndexing(), ErrorCode.NO_FLIGHT_SQL);
    assertRefused(builder -> builder.notReady(), ErrorCode.UNREACHABLE);

    var wrong = KurrentDbs.reach(kurrentdb, directory, "canary");
    assertCode(() -> ingest(wrong), ErrorCode.UNAUTHENTICATED);

    var known = KurrentDbs.reach(kurrentdb, directory);
    var untrusted = KurrentDb.at(known.endpoint(), Optional.empty(), known.credentials());
    assertCode(() -> ingest(untrusted), ErrorCode.UNTRUSTED_CERTIFICATE);

    int free;
    try (var socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    var nobody = reach(Endpoint.parse("grpc://localhost:" + free));
    assertCode(() -> ingest(nobody), ErrorCode.UNREACHABLE);
  }

  private KurrentDb reach(Endpoint endpoint) {
    var environment = KurrentDbs.environment(directory, "changeit");
    return KurrentDb.at(endpoint, Optional.empty(), Credentials.of(environment, endpoint));
  }

  private void assertRefused(
      Function<EmbeddedKurrentDb.Builder, EmbeddedKurrentDb.Builder> fault, ErrorCode code) {
    try (var refusing = fault.apply(EmbeddedKurrentDb.builder()).start()) {
      assertCode(() -> ingest(KurrentDbs.reach(refusing, directory)), code);
    }
  }
}
