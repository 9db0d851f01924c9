package io.github.kurrentlake.silver;

import static io.github.kurrentlake.silver.Field.decimalNumber;
import static io.github.kurrentlake.silver.Field.integer;
import static io.github.kurrentlake.silver.Field.text;
import static io.github.kurrentlake.silver.Field.timestamp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.table.TableSession;
import io.github.kurrentlake.testing.SharedSpark;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** How values are read, and what is said of events that cannot be. */
class PayloadParserTest {
  private static final SparkSession SPARK = TableSession.of(SharedSpark.session());
  private static final StructType EVENTS =
      StructType.fromDDL("log_position BIGINT, stream STRING, schema_name STRING, data STRING");
  private static final String BAD = "bad value";

  @Test
  void wholeNumbers() {
    assertReads(
        integer("v", "v", "A number"),
        of("35", 35, "\"35\"", 35, "\" 35 \"", 35, "\"+5\"", 5, "-7", -7, "10000.0", 10000),
        of("1e4", 10000, "\"2147483647\"", Integer.MAX_VALUE, "-2147483648", Integer.MIN_VALUE),
        of("null", null, "2147483648", BAD, "10000.5", BAD, "\"abc\"", BAD, "\"\"", BAD),
        of("true", BAD, "[1]", BAD, "{\"a\":1}", BAD, "NaN", BAD, "1e400", BAD, "\"0x10\"", BAD),
        of("10000.000000001", BAD, "123456789012345678901234567890", BAD, "\"1 000\"", BAD));
  }

  @Test
  void decimalNumbers() {
    assertReads(
        decimalNumber("v", "v", "A number"),
        of("2.5", 2.5f, "38", 38f, "\"3.5\"", 3.5f, "\" .5 \"", .5f, "1e3", 1000f, "-0.1", -.1f),
        of("null", null, "NaN", BAD, "\"NaN\"", BAD, "\"Infinity\"", BAD, "-Infinity", BAD),
        of("1e39", BAD, "\"35d\"", BAD, "\"0x1p3\"", BAD, "\"3,5\"", BAD, "\"\"", BAD, "[]", BAD),
        of("\"\\t2.5\"", BAD, "\"\\n2.5\"", BAD));
  }

  @Test
  void pointsInTime() {
    assertReads(
        timestamp("v", "v", "A time"),
        of(
            "\"2025-01-29 16:45:43.851140\"", time("2025-01-29T16:45:43.851140Z"),
            "\"2025-01-29 16:45:43\"", time("2025-01-29T16:45:43Z"),
            "\"2025-01-29T16:45\"", time("2025-01-29T16:45:00Z"),
            "\"2025-01-29\"", time("2025-01-29T00:00:00Z"),
            "\"2025-01-29T16:45:43Z\"", time("2025-01-29T16:45:43Z"),
            "\"2025-01-29T16:45:43.1234567+01:00\"", time("2025-01-29T15:45:43.123456Z"),
            "\"2025-01-29 16:45:43 America/New_York\"", time("2025-01-29T21:45:43Z")),
        of(
            "1738168933.527328", time("2025-01-29T16:42:13.527328Z"),
            "1738168933", time("2025-01-29T16:42:13Z"),
            "\"1738168933.5\"", time("2025-01-29T16:42:13.5Z"),
            "\"1758982243380\"", time("2025-09-27T14:10:43.380Z"),
            "1758982243380", time("2025-09-27T14:10:43.380Z"),
            "0", time("1970-01-01T00:00:00Z"),
            "86400", time("1970-01-02T00:00:00Z"),
            "-1.5", time("1969-12-31T23:59:58.5Z")),
        of("null", null, "\"2025-02-30 10:00:00\"", BAD, "\"2025-01-29 24:00:00\"", BAD),
        of("\"2025-01\"", BAD, "\"2025\"", time("1970-01-01T00:33:45Z"), "\"29.01.2025\"", BAD),
        of("1e15", BAD, "1e400", BAD, "\"yesterday\"", BAD, "\"\"", BAD, "true", BAD, "[1]", BAD));
  }

  @Test
  void aTimeWithoutZoneIsInTheOneThatIsGiven() {
    assertReads(
        ZoneId.of("Europe/Berlin"),
        timestamp("v", "v", "A time"),
        of(
            "\"2025-01-29 16:45:43.851140\"", time("2025-01-29T15:45:43.851140Z"),
            "\"2025-07-29 16:45\"", time("2025-07-29T14:45:00Z"),
            "\"2025-01-29\"", time("2025-01-28T23:00:00Z"),
            "\"2025-01-29T16:45:43Z\"", time("2025-01-29T16:45:43Z"),
            "\"2025-01-29 16:45:43-05:00\"", time("2025-01-29T21:45:43Z"),
            "\"2025-01-29 16:45:43 UTC\"", time("2025-01-29T16:45:43Z"),
            "1738168933", time("2025-01-29T16:42:13Z")));
  }

  @Test
  void textsAndWhatStandsInTheirPlace() {
    assertReads(
        text("v", "v", "A text"),
        of("\"é\\u00e9\"", "éé", "\"\"", "", "12345", "12345", "true", "true", "null", null),
        of("[1, \"x\"]", "[1,\"x\"]", "{\"a\": {\"b\":null}}", "{\"a\":{\"b\":null}}"),
        of("\"\\ud800\"", "?", "\"a\\u0000b\"", "a\0b", "\"\\ud83d\\ude00\"", "\ud83d\ude00"),
        of("123456789012345678901234567890", "123456789012345678901234567890"),
        // Spark makes a double of a number with a fraction or an exponent, and shows that.
        of("2.50", "2.5", "1738168933.50", "1.7381689335E9", "[2.50]", "[2.5]", "1e2", "100.0"),
        of("0.1234567890123456789", "0.12345678901234568", "\"2.50\"", "2.50"));
  }

  @Test
  void keysBehindTheObjectAreAllThatMayFollowIt() {
    var projection = Projection.of("p", "One row", "P").fields(text("a", "a", "A text"));
    for (var rest : List.of(",\"key\":1", ",\"key\":{}")) {
      var row = parse(parser(projection), event(1, "s", "{\"a\":\"x\"}" + rest)).get(0);
      assertThat(problems(row)).as(rest).isEmpty();
      assertThat(row.getStruct(0).getString(1)).as(rest).isEqualTo("x");
    }
    for (var rest : List.of(",1", ",{}", ",\"key\"", ",\"key\":1}", "]", ",\"key\":")) {
      assertThat(problems(parse(parser(projection), event(1, "s", "{\"a\":\"x\"}" + rest)).get(0)))
          .as(rest)
          .singleElement()
          .asString()
          .startsWith("null: not JSON: ");
    }
  }

  @Test
  void theFirstPlaceThatHoldsSomethingCounts() {
    var name = text("name", "UserName", "Of the user").or("userName").or("user\\.name").or("U.`n");
    var projection = Projection.of("p", "One row", "P").fields(name);
    assertThat(names(projection, "{\"userName\":\"b\",\"UserName\":\"a\"}")).isEqualTo("a");
    assertThat(names(projection, "{\"UserName\":null,\"userName\":\"b\"}")).isEqualTo("b");
    assertThat(names(projection, "{\"user.name\":\"c\",\"U\":{\"`n\":\"d\"}}")).isEqualTo("c");
    assertThat(names(projection, "{\"U\":{\"`n\":\"d\"},\"USERNAME\":\"e\"}")).isEqualTo("d");
    assertThat(names(projection, "{\"UserName\":\"a\",\"UserName\":\"b\"}")).isEqualTo("b");
    assertThat(names(projection, "{\"username\":\"a\"}")).isNull();
    assertThatThrownBy(() -> parser(projection.fields(name, text("u", "U", "All of it"))))
        .hasMessageContaining("a value and an object: U");
  }

  @Test
  void whatThePayloadLacksMayStandInTheStreamsName() {
    var id = text("id", "id", "Of the entity").orFromStream().required();
    var projection = Projection.of("p", "One row", "P").fields(id);
    var rows =
        parse(
            parser(projection),
            event(1, "order-a-b", "{\"id\":\"x\"}"),
            event(2, "order-a-b", "{\"other\":1}"),
            event(3, "order-a-b", "{\"id\":\"\"}"),
            event(4, "order-", "{\"id\":null}"),
            event(5, "order", "{\"id\":null}"));
    assertThat(rows.subList(0, 3))
        .extracting(row -> row.getStruct(0).getString(1))
        .containsExactly("x", "a-b", "a-b");
    assertThat(rows.subList(3, 5))
        .allSatisfy(
            row ->
                assertThat(problems(row))
                    .containsExactly("id: missing required: no value at id: null"));
  }

  @Test
  void everyPayloadThatIsNoObjectHasItsReason() {
    var projection =
        Projection.of("p", "One row", "P").fields(text("city", "Address.City", "The city"));
    var reasons = new LinkedHashMap<String, String>();
    reasons.put(null, "redacted payload");
    reasons.put("", "redacted payload");
    reasons.put("\"\"", "redacted payload");
    reasons.put("{}", "empty payload");
    reasons.put(" { } ", "empty payload");
    reasons.put("\"YWJjZA==\"", "binary payload");
    reasons.put("\"" + "QUJD".repeat(50_000) + "\"", "binary payload");
    reasons.put("\"some text\"", "wrong shape");
    reasons.put("\"{}\"", "wrong shape");
    for (var scalar : List.of("5", "true", "null", "[]", "[{\"Address\":{\"City\":\"a\"}}]")) {
      reasons.put(scalar, "wrong shape");
    }
    for (var address : List.of("\"Lane 1, City\"", "[{\"City\":\"a\"}]", "5", "\"\"")) {
      reasons.put("{\"Address\":" + address + "}", "wrong shape");
    }
    for (var broken :
        List.of(
            "{",
            "nonsense",
            " ",
            "{\"Address\":{\"City\":\"a\"}",
            "{\"a\":1} x",
            "{\"a\":1}{}",
            "{\"a\":1}, \"b\":2}",
            "{'a':1}",
            "{\"a\":01}",
            "{\"a\":\"line\nbreak\"}",
            "\uFEFF{\"a\":1}",
            "[".repeat(2000) + "]".repeat(2000),
            "{\"a\":" + "9".repeat(2000) + "}")) {
      reasons.put(broken, "not JSON");
    }
    var events = new Row[reasons.size()];
    var position = 0;
    for (var payload : reasons.keySet()) {
      events[position] = event(position, "s", payload);
      position++;
    }
    for (var row : parse(parser(projection), events)) {
      var payload = row.<String>getAs("data");
      var expected = reasons.get(payload);
      assertThat(problems(row))
          .as("%.40s", payload)
          .singleElement()
          .asString()
          .startsWith("null: " + expected + ": ")
          .hasSizeLessThan(400);
    }
  }

  @Test
  void aFingerprintFollowsEverythingThatCanChangeARow() {
    var name = text("name", "Name", "Of the user");
    var base = Projection.of("p", "One row", "P").fields(name);
    assertThat(
            List.of(
                Projection.of("q", "One row", "P").fields(name),
                Projection.of("p", "One row", "P", "Q").fields(name),
                base.fields(name.or("User")),
                base.fields(name.required()),
                base.fields(name.orFromStream()),
                base.fields(name.nullIfBad()),
                base.fields(integer("name", "Name", "Of the user")),
                base.fields(text("name", "Na\\.me", "Of the user")),
                base.fields(name, name)))
        .extracting(Projection::fingerprint)
        .doesNotHaveDuplicates()
        .doesNotContain(base.fingerprint());
    assertThat(
            Projection.of("p", "Reworded", "P").fields(text("name", "Name", "Too")).fingerprint())
        .isEqualTo(base.fingerprint())
        .matches("[0-9a-f]{64}");
  }

  private static Map<String, Object> of(Object... valuesByJson) {
    var values = new LinkedHashMap<String, Object>();
    for (var i = 0; i < valuesByJson.length; i += 2) {
      values.put((String) valuesByJson[i], valuesByJson[i + 1]);
    }
    return values;
  }

  private static void assertReads(Field field, Map<?, ?>... valuesByJson) {
    assertReads(ZoneOffset.UTC, field, valuesByJson);
  }

  /** Reads each value once where a misfit is quarantined and once where it is a warning. */
  private static void assertReads(ZoneId zone, Field field, Map<?, ?>... valuesByJson) {
    var expected = new LinkedHashMap<String, Object>();
    for (var values : valuesByJson) {
      values.forEach((json, value) -> expected.put((String) json, value));
    }
    var payloads = List.copyOf(expected.keySet());
    var events =
        IntStream.range(0, payloads.size())
            .mapToObj(i -> event(i, "s", "{\"v\":" + payloads.get(i) + "}"))
            .toArray(Row[]::new);
    var projection = Projection.of("p", "One row", "P");
    var strict = parse(new PayloadParser(projection.fields(field), zone), events);
    var lenient = parse(new PayloadParser(projection.fields(field.nullIfBad()), zone), events);
    for (var i = 0; i < events.length; i++) {
      var value = expected.get(payloads.get(i));
      var row = lenient.get(i).getStruct(0);
      assertThat(problems(lenient.get(i))).isEmpty();
      if (BAD.equals(value)) {
        assertThat(problems(strict.get(i)))
            .as(payloads.get(i))
            .singleElement()
            .asString()
            .startsWith("v: bad value: not a ");
        assertThat(row.isNullAt(1)).as(payloads.get(i)).isTrue();
        assertThat(row.getList(3)).as(payloads.get(i)).hasSize(1);
      } else {
        assertThat(problems(strict.get(i))).as(payloads.get(i)).isEmpty();
        assertThat(strict.get(i).getStruct(0)).isEqualTo(row);
        assertThat(row.get(1)).as(payloads.get(i)).isEqualTo(value);
        assertThat(row.isNullAt(3)).isTrue();
      }
    }
  }

  private static PayloadParser parser(Projection projection) {
    return new PayloadParser(projection, ZoneOffset.UTC);
  }

  private static String names(Projection projection, String payload) {
    var row = parse(parser(projection), event(1, "s", payload)).get(0);
    assertThat(problems(row)).isEmpty();
    return row.getStruct(0).getString(1);
  }

  private static List<Row> parse(PayloadParser parser, Row... events) {
    return parser
        .parse(SPARK.createDataFrame(List.of(events), EVENTS))
        .orderBy("log_position")
        .collectAsList();
  }

  private static Row event(long position, String stream, String payload) {
    return RowFactory.create(position, stream, "P", payload);
  }

  private static List<String> problems(Row parsed) {
    return parsed.<Row>getList(5).stream()
        .map(p -> p.get(0) + ": " + p.get(1) + ": " + p.get(2) + ": " + p.get(3))
        .toList();
  }

  private static Timestamp time(String instant) {
    return Timestamp.from(Instant.parse(instant));
  }
}
