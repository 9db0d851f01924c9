package io.github.kurrentlake.payload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.kurrentlake.payload.PayloadReader.Reading;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Values of every type, right or refused. */
class KindsTest {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final List<Field> FIELDS =
      List.of(
          Field.bigint("c", "v", ""),
          Field.decimal("c", "v", 12, 3, ""),
          Field.decimal("c", "v", 38, 0, ""),
          Field.doubleNumber("c", "v", ""),
          Field.truth("c", "v", ""),
          Field.date("c", "v", ""),
          Field.bigint("c", "v", "").array(),
          Field.decimal("c", "v", 12, 3, "").array(),
          Field.text("c", "v", "").array());

  private static final List<String> VALUES =
      List.of(
          "0",
          "-1",
          "2147483648",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "1.5",
          "1.500",
          "1.2345",
          "123456789.123",
          "1234567890.1",
          "0.1000000000000000055511151231257827",
          "1e3",
          "1e-3",
          "1E400",
          "1e999999999",
          "1e-999999999",
          "0e999999999",
          "99999999999999999999999999999999999999",
          "true",
          "false",
          "null",
          "\"\"",
          "\"12\"",
          "\"1.25\"",
          "\"true\"",
          "\"True\"",
          "\"2024-02-29\"",
          "\"2025-02-29\"",
          "\"2025-01-31T00:00:00Z\"",
          "\"0000-01-01\"",
          "\"NaN\"",
          "\"1,5\"",
          "{\"a\":1}");

  @Test
  void aValueIsRightOrRefusedAndNeverAnother() throws IOException {
    var random = new Random(7);
    var taken = 0;
    for (var i = 0; i < 20_000; i++) {
      var field = FIELDS.get(random.nextInt(FIELDS.size()));
      var json = field.isArray() && random.nextInt(8) > 0 ? array(random) : value(random);
      var read = read(field, "{\"v\":" + json + "}");
      var value = read.values().get(0);
      var node = JSON.readTree(json);
      if (!read.errors().isEmpty()) {
        assertThat(fits(field, node)).as("%s refuses %s", field.column().type(), json).isFalse();
      } else if (value != null) {
        taken++;
        assertSame(field, value, node, json);
      } else {
        assertThat(node.isNull()).as("%s makes null of %s", field.column().type(), json).isTrue();
      }
    }
    assertThat(taken).isGreaterThan(3_000);
  }

  @Test
  void oneElementThatDoesNotFitIsNamedAndTheOthersStayWhole() {
    var prices = Field.decimal("prices", "v", 5, 2, "").array();

    assertThat(read(prices, "{\"v\":[1.5, \"2.25\", null]}").values().get(0))
        .isEqualTo(Arrays.asList(new BigDecimal("1.50"), new BigDecimal("2.25"), null));
    assertThat(read(prices, "{\"v\":[1.5, 2.255]}").errors())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.message()).startsWith("element 1: not a decimal number");
              assertThat(problem.value()).isEqualTo("2.255");
            });
    assertThat(read(prices, "{\"v\":{\"a\":1}}").errors()).hasSize(1);
    assertThat(read(prices.nullIfBad(), "{\"v\":7}").warnings()).hasSize(1);
    assertThat(read(Field.text("t", "v", "").array(), "{\"v\":[{\"a\": [1,2]},\"b\"]}").values())
        .containsExactly(List.of("{\"a\": [1,2]}", "b"));
  }

  private static String array(Random random) {
    var elements = new ArrayList<String>();
    for (var i = random.nextInt(4); i > 0; i--) {
      elements.add(value(random));
    }
    return elements.toString();
  }

  private static String value(Random random) {
    return VALUES.get(random.nextInt(VALUES.size()));
  }

  private static Reading read(Field field, String payload) {
    return new PayloadReader(List.of(field), ZoneOffset.UTC)
        .read(payload.getBytes(StandardCharsets.UTF_8), "stream-1");
  }

  /** Whether a value of the type is what the node says, told another way. */
  private static boolean fits(Field field, JsonNode node) {
    if (field.isArray()) {
      return node.isArray() && stream(node).allMatch(one -> one.isNull() || fitsOne(field, one));
    }
    return fitsOne(field, node);
  }

  private static boolean fitsOne(Field field, JsonNode node) {
    return switch (field.kind()) {
      case BIGINT -> number(node) != null && isWholeIn64Bits(number(node));
      case DECIMAL -> number(node) != null && hasRoom(number(node), field.column().type());
      case DOUBLE -> number(node) != null && Double.isFinite(number(node).doubleValue());
      case BOOLEAN -> node.isBoolean() || List.of("true", "false").contains(node.asText());
      case DATE -> node.asText().equals("2024-02-29");
      default -> true;
    };
  }

  private static BigDecimal number(JsonNode node) {
    try {
      return node.isNumber() || node.isTextual() ? new BigDecimal(node.asText()) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static boolean isWholeIn64Bits(BigDecimal number) {
    return number.signum() == 0
        || (number.stripTrailingZeros().scale() <= 0
            && number.precision() - number.scale() <= 19
            && number.toBigInteger().bitLength() <= 63);
  }

  private static boolean hasRoom(BigDecimal number, String type) {
    var isOfMoney = type.contains("12");
    var digits = number.stripTrailingZeros();
    return number.signum() == 0
        || (digits.scale() <= (isOfMoney ? 3 : 0)
            && digits.precision() - digits.scale() <= (isOfMoney ? 9 : 38));
  }

  private static void assertSame(Field field, Object value, JsonNode node, String json) {
    if (field.isArray()) {
      var values = (List<?>) value;
      assertThat(values).as(json).hasSize(node.size());
      for (var i = 0; i < values.size(); i++) {
        assertThat(values.get(i) == null).as(json).isEqualTo(node.get(i).isNull());
        if (values.get(i) != null) {
          assertOne(field, values.get(i), node.get(i), json);
        }
      }
    } else {
      assertOne(field, value, node, json);
    }
  }

  private static void assertOne(Field field, Object value, JsonNode node, String json) {
    assertThat(fitsOne(field, node)).as("%s takes %s", field.column().type(), json).isTrue();
    switch (field.kind()) {
      case BIGINT -> assertThat(new BigDecimal((Long) value)).isEqualByComparingTo(number(node));
      case DECIMAL -> assertThat((BigDecimal) value).isEqualByComparingTo(number(node));
      case DOUBLE -> assertThat(value).isEqualTo(number(node).doubleValue());
      case BOOLEAN -> assertThat(value.toString()).isEqualTo(node.asText());
      case DATE -> assertThat(value).isEqualTo(LocalDate.parse(node.asText()));
      default -> {
        if (node.isNumber()) {
          assertThat(new BigDecimal((String) value)).isEqualByComparingTo(number(node));
        } else {
          assertThat(value).isEqualTo(node.isValueNode() ? node.asText() : node.toString());
        }
      }
    }
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    var nodes = new ArrayList<JsonNode>();
    array.forEach(nodes::add);
    return nodes.stream();
  }
}
