package io.github.kurrentlake.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.embedded.kurrentdb.UserIndex;
import io.github.kurrentlake.embedded.kurrentdb.UserIndex.FieldType;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.testing.SharedSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.execution.ExplainMode;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a batch read returns, and what of it KurrentDB does. */
class BatchReadTest {
  private static final long EVENTS = 60_000;
  private static final List<String> HOSTILE =
      List.of(
          "x' OR '1'='1",
          "x'; SELECT 1 FROM kdb.records; --",
          "x'' UNION ALL SELECT * FROM kdb.records --",
          "\\' OR 1=1 --",
          "%s%d%n",
          "\"quoted\"",
          "a $1 ? :name",
          "日本-😀",
          "line\nbreak");

  @TempDir private static Path directory;
  private static Node node;
  private static Dataset<Row> copy;

  @BeforeAll
  static void fillTheLog() {
    node = Node.start(directory);
    node.kurrentdb().append(Node.orders(1, EVENTS, 100));
    node.kurrentdb().append(hostileEvents());
    node.kurrentdb()
        .createIndex(
            "orders-by_country",
            UserIndex.ofEventType("OrderPlaced")
                .field("country", FieldType.STRING, "$.country")
                .field("number", FieldType.INT_64, "$.number")
                .field("share", FieldType.DOUBLE, "$.number")
                .field("small", FieldType.INT_32, "$.number"));
    copy = node.read().load().cache();
  }

  private static Stream<LogRecord> hostileEvents() {
    var position = (EVENTS + 1) * 300;
    return HOSTILE.stream()
        .map(
            text ->
                LogRecord.json(
                    position + HOSTILE.indexOf(text),
                    0,
                    Node.FIRST_CREATED,
                    text,
                    text,
                    UUID.randomUUID(),
                    "{}"));
  }

  @AfterAll
  static void stop() {
    copy.unpersist();
    node.close();
  }

  @Test
  void everyEventArrivesOnceWithAllItsColumns() {
    assertThat(copy.columns())
        .containsExactly(
            "log_position",
            "commit_position",
            "stream_revision",
            "created_at",
            "expires_at",
            "stream",
            "stream_hash",
            "schema_name",
            "category",
            "deleted",
            "schema_id",
            "schema_format",
            "record_id",
            "data",
            "metadata");
    assertThat(copy.count()).isEqualTo(EVENTS + HOSTILE.size());
    assertThat(copy.select("log_position").distinct().count()).isEqualTo(EVENTS + HOSTILE.size());
    var third = copy.filter("log_position = 900").first();
    assertThat(third.<String>getAs("stream")).isEqualTo("invoice-3");
    assertThat(third.<String>getAs("category")).isEqualTo("invoice");
    assertThat(third.<String>getAs("schema_name")).isEqualTo("OrderShipped");
    assertThat(third.<Timestamp>getAs("created_at").toInstant())
        .isEqualTo(Instant.ofEpochMilli(Node.FIRST_CREATED + 3));
    assertThat(third.<String>getAs("data")).startsWith("{\"number\":3,");
    assertThat(third.<byte[]>getAs("record_id")).hasSize(16);
  }

  @Test
  void eventsMayLieAsFarApartAsPositionsCan(@TempDir Path elsewhere) {
    var positions = List.of(2100L, 9007199254740993L, 9223372036854775000L);
    try (var other = Node.start(elsewhere)) {
      other
          .kurrentdb()
          .append(
              positions.stream()
                  .map(
                      position ->
                          LogRecord.json(
                              position,
                              0,
                              Node.FIRST_CREATED,
                              "order-" + position,
                              "OrderPlaced",
                              UUID.randomUUID(),
                              "{}")));
      assertThat(other.read().load().select("log_position").collectAsList())
          .extracting(row -> row.getLong(0))
          .containsExactlyInAnyOrderElementsOf(positions);
    }
  }

  @Test
  void theLogIsReadInDisjointRangesOfAboutEqualCount() {
    var scan = scan(Map.of());
    var ranges = ranges(scan);
    assertThat(ranges).hasSizeGreaterThan(1);
    assertThat(ranges.stream().mapToLong(PositionRange::events).sum())
        .isEqualTo(EVENTS + HOSTILE.size());
    for (var i = 1; i < ranges.size(); i++) {
      assertThat(ranges.get(i).above()).isEqualTo(ranges.get(i - 1).through());
    }
    assertThat(ranges)
        .allSatisfy(
            range ->
                assertThat(range.events())
                    .isCloseTo(EVENTS / ranges.size(), Percentage.withPercentage(5)));
  }

  @Test
  void aRangeHoldsNoMoreOfTheLogThanAllowed() {
    // Every event takes 300 bytes of the log, and two of three are orders.
    var ranges = ranges(scan(Map.of("maxBytesPerPartition", "1m", "category", "order")));
    assertThat(ranges.stream().mapToLong(PositionRange::events).sum()).isEqualTo(EVENTS / 3 * 2);
    assertThat(ranges).hasSizeBetween(11, 16);
    assertThat(ranges)
        .allSatisfy(range -> assertThat(range.events() * 300).isLessThan((1 << 20) + 10_000));
  }

  @Test
  void rangesThatAreCutForTheirSizeKeepEveryCoreBusyToTheEnd() {
    var ranges = ranges(scan(Map.of("maxBytesPerPartition", "1m", "category", "order")));
    var cores = SharedSpark.session().sparkContext().defaultParallelism();
    assertThat(ranges.size() % cores).isZero();
    var events = ranges.stream().mapToLong(PositionRange::events).summaryStatistics();
    assertThat(events.getMin()).isCloseTo(events.getMax(), Percentage.withPercentage(5));
  }

  @Test
  void whatIsWrittenAfterPlanningIsNotRead() {
    try (var later = Node.start(directory)) {
      later.kurrentdb().append(Node.orders(1, 100, 10));
      var scan = scan(later, Map.of());
      var planned = ranges(scan);
      later.kurrentdb().append(Node.orders(101, 200, 10));
      assertThat(ranges(scan)).isEqualTo(planned);
      assertThat(planned.stream().mapToLong(PositionRange::events).sum()).isEqualTo(100);
    } finally {
      // The new node wrote its certificate over the first one's.
      rewriteCertificate();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "category = 'order'",
        "category <> 'order'",
        "category IN ('invoice', 'none')",
        "NOT category IN ('invoice')",
        "category <=> 'invoice'",
        "schema_name = 'OrderPlaced' AND stream = 'order-2'",
        "stream LIKE 'order-%'",
        "stream LIKE '%-7'",
        "stream LIKE '%voic%'",
        "stream = 'order-1' OR (stream = 'invoice-3' AND stream_revision < 50)",
        "NOT (stream = 'order-1' OR stream_revision >= 100)",
        "log_position > 600 AND log_position <= 1500",
        "900 >= log_position",
        "commit_position IS NULL",
        "commit_position IS NOT NULL",
        "commit_position = 5",
        "NOT (commit_position = 5)",
        "commit_position <=> 5",
        "stream_revision = 17",
        "created_at = TIMESTAMP '2025-01-29 16:42:13.530Z'",
        "created_at = TIMESTAMP '2025-01-29 16:42:13.530001Z'",
        "created_at <> TIMESTAMP '2025-01-29 16:42:13.530001Z'",
        "created_at < TIMESTAMP '2025-01-29 16:42:13.530001Z'",
        "created_at <= TIMESTAMP '2025-01-29 16:42:13.530001Z'",
        "created_at > TIMESTAMP '2025-01-29 16:42:13.530001Z'",
        "created_at >= TIMESTAMP '2025-01-29 16:42:13.530001Z'",
        "created_at >= TIMESTAMP '2025-01-29 16:42:13.530Z'",
        "created_at < TIMESTAMP '2025-01-29 16:42:13.530Z'",
        "created_at IN (TIMESTAMP '2025-01-29 16:42:13.530Z', TIMESTAMP '2025-01-29 16:42:13.531Z')",
        "deleted = false AND stream_revision < 3",
        "schema_id IS NULL AND log_position < 5000",
      })
  void aPushedFilterMeansWhatItMeansToSpark(String filter) {
    var filtered = node.read().load().filter(filter);
    assertThat(plan(filtered)).doesNotContain("Filter (");
    assertThat(filtered.select("log_position").as(Encoders.LONG()).collectAsList())
        .containsExactlyInAnyOrderElementsOf(
            copy.filter(filter).select("log_position").as(Encoders.LONG()).collectAsList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data LIKE '%\"number\":77,%'",
        "upper(stream) = 'ORDER-1' AND log_position < 3000",
        "length(metadata) = 2 AND log_position < 3000",
      })
  void whatIsNotPushedIsAppliedBySpark(String filter) {
    var filtered = node.read().load().filter(filter);
    assertThat(plan(filtered)).contains("Filter (");
    assertThat(filtered.count()).isEqualTo(copy.filter(filter).count()).isPositive();
  }

  @Test
  void aTextIsNeverMoreThanAText() {
    for (var text : HOSTILE) {
      var stream = node.read().load().filter(functions.col("stream").equalTo(text));
      assertThat(stream.select("stream").collectAsList())
          .as(text)
          .singleElement()
          .satisfies(row -> assertThat(row.getString(0)).isEqualTo(text));
      var prefix = node.read().load().filter(functions.col("schema_name").startsWith(text));
      assertThat(prefix.count()).as(text).isOne();
      assertThat(node.read().option("stream", text).load().count()).as(text).isOne();
      assertThat(node.read().option("category", text).load().count()).as(text).isLessThan(2);
      assertThat(node.read().option("schemaName", text).load().count()).as(text).isOne();
    }
    for (var name : List.of("a\" UNION", "A", "x;y", "", "a b", "usr.a")) {
      assertThatThrownBy(() -> node.read().option("index", name).load())
          .hasMessageContaining(ErrorCode.BAD_OPTION.code());
    }
  }

  @Test
  void onlyTheNeededColumnsAreAskedFor() {
    var two = node.read().load().select("stream", "created_at");
    assertThat(plan(two)).contains("columns [created_at, stream]");
    assertThat(two.filter("stream = 'invoice-3'").count())
        .isEqualTo(copy.filter("stream = 'invoice-3'").count());
  }

  @Test
  void aLimitReadsNoMoreThanItNeeds() {
    var limited = node.read().load().filter("category = 'invoice'").limit(7);
    assertThat(plan(limited)).contains("limit 7");
    assertThat(limited.collectAsList()).hasSize(7);
    var builder = builder(Map.of("category", "invoice"));
    builder.pushLimit(7);
    var ranges = ranges((EventScan) builder.build());
    assertThat(ranges.stream().mapToLong(PositionRange::events).sum()).isEqualTo(7);
  }

  @Test
  void theIndexAnswersCountsMinimaAndMaxima() {
    var aggregates =
        "count(*), count(commit_position), min(log_position), max(log_position),"
            + " min(created_at), max(created_at), min(stream), max(stream_revision)";
    node.read().load().createOrReplaceTempView("events_there");
    copy.createOrReplaceTempView("events_here");
    for (var where : List.of("", " WHERE category = 'order'", " WHERE category = 'none'")) {
      var pushed = sql("SELECT " + aggregates + " FROM events_there" + where);
      assertThat(plan(pushed)).contains("aggregates [").contains("count(*)");
      assertThat(pushed.collectAsList())
          .isEqualTo(sql("SELECT " + aggregates + " FROM events_here" + where).collectAsList());
    }
    var groups = " GROUP BY category, schema_name ORDER BY category, schema_name";
    var pushed =
        sql("SELECT category, schema_name, count(*), max(created_at) FROM events_there" + groups);
    assertThat(plan(pushed)).contains("by \"category\", \"schema_name\"");
    assertThat(pushed.collectAsList())
        .isEqualTo(
            sql("SELECT category, schema_name, count(*), max(created_at) FROM events_here" + groups)
                .collectAsList());
  }

  @Test
  void anAggregateOverThePayloadStaysInSpark() {
    var lengths = node.read().load().filter("log_position < 3000").agg(functions.expr("max(data)"));
    assertThat(plan(lengths)).doesNotContain("aggregates [");
    assertThat(lengths.first().getString(0)).startsWith("{\"number\":9,");
  }

  @Test
  void aUserDefinedIndexIsATableWithItsFields() {
    var index = node.read().option("index", "orders-by_country").load();
    assertThat(index.schema().simpleString())
        .isEqualTo(
            "struct<log_position:bigint,commit_position:bigint,stream_revision:bigint,"
                + "created_at:timestamp,field_country:string,field_number:bigint,"
                + "field_share:double,field_small:int,record_id:binary,data:string,"
                + "metadata:string,stream:string,schema_name:string>");
    var dutch = index.filter("field_country = 'NL' AND field_number <= 1000 AND field_small > 10");
    assertThat(plan(dutch)).contains("usr.\"orders-by_country\"").doesNotContain("Filter (");
    assertThat(dutch.count()).isEqualTo(99);
    var ofStream = index.filter("stream = 'order-2' AND field_share < 100.5");
    assertThat(plan(ofStream)).contains("Filter (");
    assertThat(ofStream.select("data").count()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "field_country <> 'NL'",
        "NOT (field_country = 'NL')",
        "field_country IS NULL",
        "field_country IS NOT NULL AND field_number IS NULL",
        "field_country <=> NULL",
        "field_country IN ('NL', 'DE')",
        "NOT (field_country IN ('NL'))",
        "NOT (field_country LIKE 'N%')",
        "field_number <> 3 OR field_country = 'NL'",
        "NOT (field_number > 2 AND field_country = 'NL')",
        "field_share IS NULL",
      })
  void aFieldThatAnEventLacksIsNull(String filter, @TempDir Path elsewhere) {
    var payloads =
        List.of(
            "{\"country\":\"NL\",\"number\":3,\"share\":0.5}",
            "{\"country\":\"NL\",\"number\":null}",
            "{\"country\":\"DE\"}",
            "{\"number\":1,\"share\":2}",
            "{\"share\":7.5}",
            "{\"other\":1}");
    try (var other = Node.start(elsewhere)) {
      var log = other.kurrentdb();
      log.append(
          payloads.stream()
              .map(
                  payload ->
                      LogRecord.json(
                          payloads.indexOf(payload),
                          0,
                          Node.FIRST_CREATED,
                          "order-1",
                          "OrderPlaced",
                          UUID.randomUUID(),
                          payload)));
      log.createIndex(
          "fields",
          UserIndex.ofEventType("OrderPlaced")
              .field("country", FieldType.STRING, "$.country")
              .field("number", FieldType.INT_64, "$.number")
              .field("share", FieldType.DOUBLE, "$.share"));
      var index = other.read().option("index", "fields").load();
      var read =
          index.select("log_position", "field_country", "field_number", "field_share").cache();
      // The last one has no field at all.
      assertThat(read.orderBy("log_position").collectAsList())
          .containsExactly(
              RowFactory.create(0L, "NL", 3L, 0.5),
              RowFactory.create(1L, "NL", null, null),
              RowFactory.create(2L, "DE", null, null),
              RowFactory.create(3L, null, 1L, 2.0),
              RowFactory.create(4L, null, null, 7.5));
      var positions = index.filter(filter).select("log_position").as(Encoders.LONG());
      assertThat(positions.collectAsList())
          .containsExactlyInAnyOrderElementsOf(
              read.filter(filter).select("log_position").as(Encoders.LONG()).collectAsList())
          .isNotEmpty();
      var groups = "count(*), count(field_number), min(field_number), max(field_share)";
      index.createOrReplaceTempView("fields_there");
      read.createOrReplaceTempView("fields_here");
      assertThat(
              sql("SELECT field_country, " + groups + " FROM fields_there GROUP BY 1")
                  .collectAsList())
          .containsExactlyInAnyOrderElementsOf(
              sql("SELECT field_country, " + groups + " FROM fields_here GROUP BY 1")
                  .collectAsList());
      read.unpersist();
    }
  }

  @Test
  void aSchemaMayBeGiven() {
    var read = node.read().schema("data STRING, log_position BIGINT, created_at TIMESTAMP").load();
    assertThat(read.columns()).containsExactly("data", "log_position", "created_at");
    assertThat(read.filter("log_position = 900").first().getLong(1)).isEqualTo(900);
    assertThatThrownBy(() -> node.read().schema("stream BIGINT").load().collectAsList())
        .hasMessageContaining(ErrorCode.COLUMN_DIFFERS.code());
  }

  @Test
  void positionsAndTimesBoundARead() {
    assertThat(node.read().option("startingPosition", 900).load().count())
        .isEqualTo(EVENTS + HOSTILE.size() - 3);
    assertThat(
            node.read()
                .option("startingPosition", 900)
                .option("endingPosition", 1800)
                .load()
                .count())
        .isEqualTo(3);
    assertThat(node.read().option("startingPosition", "latest").load().count()).isZero();
    assertThat(
            node.read()
                .option(
                    "startingPosition", Instant.ofEpochMilli(Node.FIRST_CREATED + 101).toString())
                .load()
                .count())
        .isEqualTo(EVENTS + HOSTILE.size() - 100);
  }

  @Test
  void sparkIsToldWhatAReadTook() {
    var rows = node.read().option("endingPosition", 900_000).load().select("stream");
    rows.collectAsList();
    var metrics = rows.queryExecution().executedPlan().collectLeaves().head().metrics();
    assertThat(metrics.apply("kurrentdbEvents").value()).isEqualTo(3_000);
    assertThat(metrics.apply("kurrentdbBytes").value()).isGreaterThan(3_000 * 8);
    assertThat(metrics.apply("kurrentdbRequests").value()).isEqualTo(1);
    assertThat(metrics.apply("kurrentdbRetries").value()).isZero();
    assertThat(metrics.apply("kurrentdbServerWait").value()).isNotNegative();
  }

  @Test
  void aWrongOptionIsNamed() {
    assertBadOption("startingPosition", "yesterday");
    assertBadOption("maxMemoryPerTask", "lots");
    assertBadOption("callTimeout", "0s");
    assertBadOption("maxEventsPerTrigger", "0");
  }

  private static void assertBadOption(String name, String value) {
    assertThatThrownBy(() -> node.read().option(name, value).load().count())
        .isInstanceOfSatisfying(
            KurrentlakeException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.BAD_OPTION);
              assertThat(e).hasMessageContaining(name);
            });
  }

  private static void rewriteCertificate() {
    try {
      Files.writeString(directory.resolve("ca.pem"), node.kurrentdb().caCertificate());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static EventScan scan(Map<String, String> options) {
    return scan(node, options);
  }

  private static EventScan scan(Node of, Map<String, String> options) {
    return (EventScan) builder(of, options).build();
  }

  private static EventScanBuilder builder(Map<String, String> options) {
    return builder(node, options);
  }

  private static EventScanBuilder builder(Node of, Map<String, String> options) {
    var all = new HashMap<>(of.options().asCaseSensitiveMap());
    all.putAll(options);
    var request = LogRequest.of(new CaseInsensitiveStringMap(all));
    return new EventScanBuilder(request, copy.schema());
  }

  private static List<PositionRange> ranges(EventScan scan) {
    return Stream.of(scan.planInputPartitions())
        .map(partition -> ((RangePartition) partition).range())
        .toList();
  }

  private static Dataset<Row> sql(String text) {
    return SharedSpark.session().sql(text);
  }

  private static String plan(Dataset<Row> rows) {
    return rows.queryExecution().explainString(ExplainMode.fromString("simple"));
  }
}
