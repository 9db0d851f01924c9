package io.github.kurrentlake.payload;

import static io.github.kurrentlake.payload.Field.decimalNumber;
import static io.github.kurrentlake.payload.Field.integer;
import static io.github.kurrentlake.payload.Field.text;
import static io.github.kurrentlake.payload.Field.timestamp;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.payload.PayloadReader.Reading;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How values are read, and what is said of payloads that cannot be. */
class PayloadReaderTest {
  private static final String BAD = "bad value";

  @Test
  void wholeNumbers() {
    assertReads(
        integer("v", "v", "A number"),
        of("35", 35, "\"35\"", 35, "\" 35 \"", 35, "\"+5\"", 5, "-7", -7, "10000.0", 10000),
        of("1e4", 10000, "\"2147483647\"", Integer.MAX_VALUE, "-2147483648", Integer.MIN_VALUE),
        of("2147483647.0", Integer.MAX_VALUE, "0e999999999", 0, "\"007\"", 7, "-0", 0),
        of("null", null, "2147483648", BAD, "10000.5", BAD, "\"abc\"", BAD, "\"\"", BAD),
        of("true", BAD, "[1]", BAD, "{\"a\":1}", BAD, "1e400", BAD, "\"0x10\"", BAD),
        of("10000.000000001", BAD, "123456789012345678901234567890", BAD, "\"1 000\"", BAD),
        of("0.9999999999999999999", BAD, "1.0000000000000000000001", BAD, "1e-46", BAD),
        of("\"\u0664\"", BAD, "1e9999999999", BAD, "9".repeat(100_000), BAD, "\"1_000\"", BAD));
  }

  @Test
  void decimalNumbers() {
    assertReads(
        decimalNumber("v", "v", "A number"),
        of("2.5", 2.5f, "38", 38f, "\"3.5\"", 3.5f, "\" .5 \"", .5f, "1e3", 1000f, "-0.1", -.1f),
        of("1e-60", 0f, "0.1000000000000000055511151231257827", 0.1f, "\"5.\"", 5f),
        of("null", null, "\"NaN\"", BAD, "\"Infinity\"", BAD, "1e39", BAD, "-1e400", BAD),
        of("\"35d\"", BAD, "\"0x1p3\"", BAD, "\"3,5\"", BAD, "\"\"", BAD, "[]", BAD, "\".\"", BAD),
        of("\"\\t2.5\"", BAD, "\"\\n2.5\"", BAD, "\"\u0661.5\"", BAD));
  }

  @Test
  void datesAndTimes() {
    assertReads(
        timestamp("v", "v", "A time"),
        of(
            "\"2025-01-29 16:45:43.851140\"", Instant.parse("2025-01-29T16:45:43.851140Z"),
            "\"2025-01-29 16:45:43\"", Instant.parse("2025-01-29T16:45:43Z"),
            "\"2025-01-29T16:45\"", Instant.parse("2025-01-29T16:45:00Z"),
            "\"2025-1-9 6:5\"", Instant.parse("2025-01-09T06:05:00Z"),
            "\" 2025-01-29 \"", Instant.parse("2025-01-29T00:00:00Z")),
        of(
            "\"2025-01-29T16:45:43Z\"", Instant.parse("2025-01-29T16:45:43Z"),
            "\"2024-11-03T22:15:00.123456789+01:00\"", Instant.parse("2024-11-03T21:15:00.123456Z"),
            "\"1969-12-31T23:59:59.9999999Z\"", Instant.parse("1969-12-31T23:59:59.999999Z"),
            "\"2025-01-29 16:45:43 -0500\"", Instant.parse("2025-01-29T21:45:43Z"),
            "\"2025-01-29 16:45:43+05:30\"", Instant.parse("2025-01-29T11:15:43Z"),
            "\"2025-01-29 16:45:43 UTC\"", Instant.parse("2025-01-29T16:45:43Z"),
            "\"2025-01-29 16:45:43 GMT+2\"", Instant.parse("2025-01-29T14:45:43Z"),
            "\"2025-01-29 16:45:43 America/New_York\"", Instant.parse("2025-01-29T21:45:43Z"),
            "\"0001-01-01\"", Instant.parse("0001-01-01T00:00:00Z"),
            "\"9999-12-31 23:59:59.9999999\"", Instant.parse("9999-12-31T23:59:59.999999Z")),
        of("null", null, "\"2025-02-30 10:00:00\"", BAD, "\"2025-01-29 24:00:00\"", BAD),
        of("\"2025-01-29 16:45:60\"", BAD, "\"2025-13-01\"", BAD, "\"2025-01-29 16\"", BAD),
        of("\"2025-01\"", BAD, "\"29.01.2025\"", BAD, "\"01/29/2025\"", BAD),
        of("\"0000-01-01 00:00:00\"", BAD, "\"0001-01-01T00:00:00+01:00\"", BAD),
        of("\"9999-12-31T23:59:59-01:00\"", BAD, "\"12025-01-29\"", BAD, "\"-2025-01-29\"", BAD),
        of("\"2024-11-03 22:15:00 BST\"", BAD, "\"2024-11-03 22:15:00 IST\"", BAD),
        of("\"2024-11-03 22:15:00 EST\"", BAD, "\"2024-11-03 22:15:00 Europe/Nowhere\"", BAD),
        of(
            "\"2024-11-03 22:15:00+19:00\"",
            BAD,
            "\"2024-11-03T\"",
            BAD,
            "\"20\u0662\u0664-1-1\"",
            BAD),
        of("\"yesterday\"", BAD, "\"\"", BAD, "true", BAD, "[1]", BAD, "\"null\"", BAD));
  }

  @Test
  void numbersSince1970() {
    assertReads(
        timestamp("v", "v", "A time"),
        of(
            "1730672100", Instant.parse("2024-11-03T22:15:00Z"),
            "1730672100123", Instant.parse("2024-11-03T22:15:00.123Z"),
            "1730672100123456", Instant.parse("2024-11-03T22:15:00.123456Z"),
            "1730672100123456789", Instant.parse("2024-11-03T22:15:00.123456Z"),
            "1738168933.527328", Instant.parse("2025-01-29T16:42:13.527328Z"),
            "1.738168933527328E9", Instant.parse("2025-01-29T16:42:13.527328Z"),
            "\"1738168933.5\"", Instant.parse("2025-01-29T16:42:13.5Z"),
            "\"1758982243380\"", Instant.parse("2025-09-27T14:10:43.380Z"),
            "1e15", Instant.parse("2001-09-09T01:46:40Z"),
            "631152000", Instant.parse("1990-01-01T00:00:00Z"),
            "4102444799999999999", Instant.parse("2099-12-31T23:59:59.999999Z")),
        of("0", BAD, "86400", BAD, "-1738168933", BAD, "631151999.999", BAD, "4102444800", BAD),
        of("1e16", BAD, "1e400", BAD, "1e-400", BAD, "99999999999999999999", BAD));
  }

  @Test
  void digitsAreADateOnlyWhereTheDeclarationSaysSo() {
    var time = timestamp("v", "v", "A time");
    assertReads(
        time,
        of("\"20241103\"", BAD, "20241103", BAD, "\"2024\"", BAD, "202411", BAD),
        of("\"20241103221500\"", BAD, "20241103221500", BAD, "20241103221500123", BAD),
        // Ten digits that are also a second of 2034, and others that are a second alone.
        of("2024110322", BAD, "\"2024110322\"", BAD),
        of("2024110324", Instant.ofEpochSecond(2024110324L)));
    assertReads(
        time.calendarDigits("yyyyMMdd"),
        of("\"20241103\"", Instant.parse("2024-11-03T00:00:00Z"), "20240230", BAD),
        of("20241103", Instant.parse("2024-11-03T00:00:00Z"), "20241103221500", BAD),
        of("1730672100", Instant.parse("2024-11-03T22:15:00Z")));
    assertReads(
        ZoneId.of("Europe/Berlin"),
        time.calendarDigits("yyyyMMddHHmmss"),
        of("\"20241103221500\"", Instant.parse("2024-11-03T21:15:00Z")),
        of("\"2024-11-03 22:15:00\"", Instant.parse("2024-11-03T21:15:00Z")));
    assertThatThrownBy(() -> time.calendarDigits("nonsense"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTimeWithoutZoneIsInTheOneThatIsGiven() {
    assertReads(
        ZoneId.of("Europe/Berlin"),
        timestamp("v", "v", "A time"),
        of(
            "\"2025-01-29 16:45:43.851140\"", Instant.parse("2025-01-29T15:45:43.851140Z"),
            "\"2025-07-29 16:45\"", Instant.parse("2025-07-29T14:45:00Z"),
            "\"2025-01-29\"", Instant.parse("2025-01-28T23:00:00Z"),
            "\"2025-01-29T16:45:43Z\"", Instant.parse("2025-01-29T16:45:43Z"),
            "\"2025-01-29 16:45:43-05:00\"", Instant.parse("2025-01-29T21:45:43Z"),
            "\"2025-01-29 16:45:43 UTC\"", Instant.parse("2025-01-29T16:45:43Z"),
            "1738168933", Instant.parse("2025-01-29T16:42:13Z")));
  }

  @Test
  void aTimeThatTheClocksSkipOrShowTwiceHasAWarning() {
    var times =
        Map.of(
            // 02:30 comes twice; the first is in summer time.
            "2025-10-26 02:30:00", "2025-10-26T00:30:00Z",
            // It does not exist: half an hour after 02:00, which is 03:00.
            "2025-03-30 02:30:00", "2025-03-30T01:30:00Z");
    for (var text : times.keySet()) {
      for (var zoned : List.of(text, text + " Europe/Berlin")) {
        var berlin =
            new PayloadReader(List.of(timestamp("v", "v", "A")), ZoneId.of("Europe/Berlin"));
        var read = read(berlin, "{\"v\":\"" + zoned + "\"}");
        assertThat(read.values()).containsExactly(Instant.parse(times.get(text)));
        assertThat(read.warnings())
            .containsExactly(
                new Problem("v", Rule.UNCERTAIN_TIME, Rule.UNCERTAIN_TIME.meaning(), zoned));
        assertThat(read.errors()).isEmpty();
      }
    }
  }

  @Test
  void textsAndWhatStandsInTheirPlace() {
    assertReads(
        text("v", "v", "A text"),
        of("\"é\\u00e9\"", "éé", "\"\"", "", "12345", "12345", "true", "true", "null", null),
        of("\"\\ud83d\\ude00\"", "\ud83d\ude00", "\"\ud83d\ude00\"", "\ud83d\ude00"),
        of("\"a\\u0000b\"", "a\0b", "\"2.50\"", "2.50", "-0", "-0"),
        of("2.50", "2.50", "1738168933.50", "1738168933.50", "1e2", "1e2", "1e400", "1e400"),
        of("12345678901234567890.10", "12345678901234567890.10"),
        of("9".repeat(2000), "9".repeat(2000)),
        of("[1, \"x\"]", "[1, \"x\"]", "[2.50]", "[2.50]", "{}", "{}", "[ ]", "[ ]"),
        of("{\"a\": {\"ü\":null}}", "{\"a\": {\"ü\":null}}", " {\"a\":[]} ", "{\"a\":[]}"),
        of("\"" + "long ".repeat(20_000) + "\"", "long ".repeat(20_000)));
  }

  @Test
  void halfACharacterIsReplacedWithAWarning() {
    for (var broken :
        List.of("a\\ud800b", "a\\udc00b", "a\\udc00\\ud800b", "\\ud83d\\ude00\\ud83d")) {
      var read = read(reader(text("v", "v", "A text")), "{\"v\":\"" + broken + "\"}");
      assertThat(read.errors()).isEmpty();
      assertThat((String) read.values().get(0))
          .contains("\uFFFD")
          .doesNotContain("?")
          .satisfies(
              stored -> assertThat(new String(stored.getBytes(UTF_8), UTF_8)).isEqualTo(stored));
      assertThat(read.warnings())
          .singleElement()
          .satisfies(
              warning -> {
                assertThat(warning.rule()).isEqualTo(Rule.BROKEN_CHARACTER);
                assertThat(warning.value()).isEqualTo(read.values().get(0));
              });
    }
  }

  @Test
  void theFirstPlaceThatHoldsSomethingCounts() {
    var name = text("name", "UserName", "Of the user").or("userName").or("user\\.name").or("U.`n");
    var reader = reader(name);
    var expected = new LinkedHashMap<String, String>();
    expected.put("{\"userName\":\"b\",\"UserName\":\"a\"}", "a");
    expected.put("{\"UserName\":null,\"userName\":\"b\"}", "b");
    expected.put("{\"UserName\":\"\",\"userName\":\"b\"}", "b");
    expected.put("{\"UserName\":\"\",\"userName\":null}", "");
    expected.put("{\"user.name\":\"c\",\"U\":{\"`n\":\"d\"}}", "c");
    expected.put("{\"U\":{\"`n\":\"d\"},\"USERNAME\":\"e\"}", "d");
    expected.put("{\"username\":\"a\"}", null);
    expected.forEach(
        (payload, value) -> {
          var read = read(reader, payload);
          assertThat(problems(read)).as(payload).isEmpty();
          assertThat(read.values()).as(payload).containsExactly(value);
        });
    assertThatThrownBy(() -> reader(name, text("u", "U", "All of it")))
        .hasMessageContaining("a value and an object: U");
    assertThatThrownBy(() -> reader(text("u", "U", "All of it"), name))
        .hasMessageContaining("a value and an object: U");
  }

  @Test
  void oneValueMayBeForTwoColumns() {
    var read = read(reader(text("a", "v.v", "A"), integer("b", "v.v", "B")), "{\"v\":{\"v\":5}}");
    assertThat(read.values()).containsExactly("5", 5);
  }

  @Test
  void ofAKeyThatComesAgainTheLastCountsWithAWarning() {
    var reader = reader(text("v", "v", "V"), text("a", "o.a", "A"), text("b", "o.b", "B"));
    var twice = read(reader, "{\"v\":1,\"x\":0,\"v\":\"two\",\"x\":0}");
    assertThat(twice.values()).containsExactly("two", null, null);
    assertThat(problems(twice))
        .containsExactly(
            "v: doubled key: an object has a key more than once; the last one counts: v");
    var gone = read(reader, "{\"v\":1,\"v\":null}");
    assertThat(gone.values()).containsExactly(null, null, null);
    assertThat(gone.warnings()).hasSize(1);
    // As the object that came again, which has no b; also when one of the two is none.
    for (var first : List.of("{\"a\":1,\"b\":2}", "\"none\"", "null")) {
      var objects = read(reader, "{\"o\":" + first + ",\"o\":{\"a\":3}}");
      assertThat(objects.values()).as(first).containsExactly(null, "3", null);
      assertThat(problems(objects))
          .as(first)
          .singleElement()
          .asString()
          .startsWith("null: doubled key: ")
          .endsWith(": o");
    }
  }

  @Test
  void whatThePayloadLacksMayStandInTheStreamsName() {
    var reader = reader(text("id", "id", "Of the entity").orFromStream().required());
    assertThat(read(reader, "order-a-b", "{\"id\":\"x\"}").values()).containsExactly("x");
    assertThat(read(reader, "order-a-b", "{\"other\":1}").values()).containsExactly("a-b");
    assertThat(read(reader, "order-a-b", "{\"id\":\"\"}").values()).containsExactly("a-b");
    for (var stream : List.of("order-", "order", "-a")) {
      for (var payload : List.of("{\"id\":null}", "{\"id\":\"\"}", "{\"x\":1}")) {
        assertThat(problems(read(reader, stream, payload)))
            .containsExactly("id: missing required: no value at id: null");
      }
    }
  }

  @Test
  void whatLiesInSomethingThatIsNoObjectIsBad() {
    var city = text("city", "Address.City", "The city");
    for (var address : List.of("\"Lane 1, City\"", "[{\"City\":\"a\"}]", "5", "\"\"", "false")) {
      var payload = "{\"City\":\"b\",\"Address\":" + address + "}";
      var value = address.startsWith("\"") ? address.replace("\"", "") : address;
      var problem = "city: wrong shape: not an object: Address.City: " + value;
      var refused = read(reader(city), payload);
      assertThat(refused.errors()).hasSize(1);
      assertThat(problems(refused)).containsExactly(problem);
      var warned = read(reader(city.nullIfBad()), payload);
      assertThat(warned.errors()).isEmpty();
      assertThat(problems(warned)).containsExactly(problem);
      assertThat(warned.values()).containsExactly((Object) null);
      assertThat(read(reader(city.nullIfBad().required()), payload).errors()).hasSize(1);
      assertThat(read(reader(city.or("City")), payload).values()).containsExactly("b");
    }
  }

  @Test
  void everyPayloadThatIsNoObjectHasItsReason() {
    var reasons = new LinkedHashMap<String, Rule>();
    reasons.put(null, Rule.REDACTED);
    reasons.put("", Rule.REDACTED);
    reasons.put("\"\"", Rule.REDACTED);
    reasons.put("{}", Rule.EMPTY);
    reasons.put(" { } ", Rule.EMPTY);
    reasons.put("\"YWJjZA==\"", Rule.BINARY);
    reasons.put("\"" + "QUJD".repeat(50_000) + "\"", Rule.BINARY);
    for (var other : List.of("\"some text\"", "\"{}\"", "5", "true", "null", "[]", "[{\"v\":1}]")) {
      reasons.put(other, Rule.WRONG_SHAPE);
    }
    reasons.put("[".repeat(1001) + "]".repeat(1001), Rule.TOO_DEEP);
    reasons.put("{\"v\":" + "[".repeat(1000) + "]".repeat(1000) + "}", Rule.TOO_DEEP);
    reasons.put("{\"x\":" + "[".repeat(1_000_000), Rule.TOO_DEEP);
    for (var broken :
        List.of(
            "{",
            "nonsense",
            " ",
            "{\"v\":{\"City\":\"a\"}",
            "{\"v\":1} x",
            "{\"v\":1}{}",
            "{\"v\":1} {\"v\":2}",
            "{\"v\":1},",
            "{\"v\":1},\"payload\":{\"v\":2}",
            "{\"v\":1},\"end\":\"\"} garbage",
            "{\"v\":1}, \"b\":2}",
            "{'v':1}",
            "{\"v\":01}",
            "{\"v\":1,}",
            "{\"v\":NaN}",
            "{\"v\":-Infinity}",
            "{\"v\":\"line\nbreak\"}",
            "{\"x\":\"\\x\"}",
            "{\"v\":1}\0",
            "5 5",
            "\uFEFF{\"v\":1}")) {
      reasons.put(broken, Rule.NOT_JSON);
    }
    reasons.forEach(
        (payload, rule) -> assertRefused(payload == null ? null : payload.getBytes(UTF_8), rule));
  }

  @Test
  void otherEncodingsAreNotGuessed() {
    var payload = "{\"v\":\"é\"}";
    assertRefused(payload.getBytes(ISO_8859_1), Rule.NOT_JSON);
    assertRefused(payload.getBytes(UTF_16), Rule.NOT_JSON);
    assertRefused(payload.getBytes(UTF_16BE), Rule.NOT_JSON);
    // A slash in two bytes, and half a surrogate pair in three.
    assertRefused("{\"v\":\"\u00c0\u00af\"}".getBytes(ISO_8859_1), Rule.NOT_JSON);
    assertRefused("{\"v\":\"\u00ed\u00a0\u0080\"}".getBytes(ISO_8859_1), Rule.NOT_JSON);
    assertThat(reader(text("v", "v", "V")).read(payload.getBytes(UTF_8), "s").values())
        .containsExactly("é");
  }

  @Test
  void aThousandDeepIsNotTooDeep() {
    var deep = "[".repeat(999) + "]".repeat(999);
    var read = read(reader(text("v", "v", "V")), "{\"v\":" + deep + "}");
    assertThat(problems(read)).isEmpty();
    assertThat(read.values()).containsExactly(deep);
  }

  @Test
  void aProblemShowsTheBeginningOfWhatIsWrong() {
    var face = "\ud83d\ude00";
    var read = read(reader(integer("v", "v", "V")), "{\"v\":\"" + "x" + face.repeat(300) + "\"}");
    assertThat(read.errors())
        .containsExactly(
            new Problem("v", Rule.BAD_VALUE, Field.Kind.INTEGER.misfit(), "x" + face.repeat(199)));
  }

  private static void assertRefused(byte[] payload, Rule rule) {
    var read = reader(text("v", "v", "V")).read(payload, "s");
    assertThat(read.values()).containsExactly((Object) null);
    assertThat(read.warnings()).isEmpty();
    assertThat(read.errors())
        .as("%.40s", payload == null ? null : new String(payload, UTF_8))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.rule()).isEqualTo(rule);
              assertThat(problem.column()).isNull();
              assertThat(problem.value() == null).isEqualTo(payload == null);
            });
  }

  private static Map<String, Object> of(Object... valuesByJson) {
    var values = new LinkedHashMap<String, Object>();
    for (var i = 0; i < valuesByJson.length; i += 2) {
      values.put((String) valuesByJson[i], valuesByJson[i + 1]);
    }
    return values;
  }

  @SafeVarargs
  private static void assertReads(Field field, Map<String, Object>... valuesByJson) {
    assertReads(ZoneOffset.UTC, field, valuesByJson);
  }

  /** Reads each value once where a misfit is an error and once where it is a warning. */
  @SafeVarargs
  private static void assertReads(ZoneId zone, Field field, Map<String, Object>... valuesByJson) {
    var strict = new PayloadReader(List.of(field), zone);
    var lenient = new PayloadReader(List.of(field.nullIfBad()), zone);
    for (var values : valuesByJson) {
      values.forEach(
          (json, value) -> {
            var payload = "{\"v\":" + json + "}";
            var name = "%.60s".formatted(payload);
            var read = read(lenient, payload);
            assertThat(read.errors()).as(name).isEmpty();
            assertThat(read(strict, payload).values()).as(name).isEqualTo(read.values());
            if (BAD.equals(value)) {
              assertThat(read.values()).as(name).containsExactly((Object) null);
              assertThat(problems(read(strict, payload)))
                  .as(name)
                  .isEqualTo(problems(read))
                  .singleElement()
                  .asString()
                  .startsWith("v: bad value: not a ");
            } else {
              assertThat(problems(read)).as(name).isEmpty();
              assertThat(problems(read(strict, payload))).as(name).isEmpty();
              assertThat(read.values()).as(name).containsExactly(value);
            }
          });
    }
  }

  private static PayloadReader reader(Field... fields) {
    return new PayloadReader(List.of(fields), ZoneOffset.UTC);
  }

  private static Reading read(PayloadReader reader, String payload) {
    return read(reader, "s", payload);
  }

  private static Reading read(PayloadReader reader, String stream, String payload) {
    return reader.read(payload.getBytes(UTF_8), stream);
  }

  private static List<String> problems(Reading read) {
    return Stream.concat(read.errors().stream(), read.warnings().stream())
        .map(p -> p.column() + ": " + p.rule().text() + ": " + p.message() + ": " + p.value())
        .toList();
  }
}
