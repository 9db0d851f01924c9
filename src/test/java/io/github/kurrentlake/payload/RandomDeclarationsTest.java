package io.github.kurrentlake.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.kurrentlake.payload.PayloadReader.Reading;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Two thousand random declarations and payloads: each value is exactly what Jackson reads as a
 * {@link BigDecimal}, or is refused; none is changed without a word.
 */
class RandomDeclarationsTest {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final String[] VALUES = {
    "0",
    "-0",
    "1",
    "-1",
    "7.0",
    "7.50",
    "1e3",
    "1.5e-3",
    "2147483647",
    "2147483648",
    "-2147483649",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "123456789012345678901234567890.12",
    "0.1",
    "0.30000000000000004",
    "1e400",
    "1e-400",
    "3.4028236e38",
    "\"12\"",
    "\"12.30\"",
    "\" 12\"",
    "\"0x10\"",
    "\"1,5\"",
    "\"NaN\"",
    "\"\"",
    "\"true\"",
    "true",
    "false",
    "null",
    "\"2024-02-29\"",
    "\"2023-02-29\"",
    "\"2024-02-29T00:00:00Z\"",
    "1709164800",
    "\"text\"",
    "\"\\u0000\"",
    "\"\\ud83d\\ude00\"",
    "{}",
    "{\"a\":1}",
    "[]",
    "[1,2]",
    "[\"a\",null]",
    "[[1]]"
  };

  private final Random random = new Random(20);

  @Test
  void aValueIsRightOrRefused() {
    var read = 0;
    var refused = 0;
    for (var i = 0; i < 2000; i++) {
      var fields = fields();
      var payload = payload();
      var reading =
          new PayloadReader(fields, ZoneOffset.UTC).read(payload.getBytes(UTF_8), "order-1");
      var root = parsed(payload);
      for (var j = 0; j < fields.size(); j++) {
        var node = root.path(fields.get(j).paths().get(0).get(0));
        if (isRefused(fields.get(j), reading)) {
          refused++;
          if (reading.errors().isEmpty()) {
            assertThat(reading.values().get(j)).isNull();
          }
        } else {
          read++;
          assertIsExactly(fields.get(j), reading.values().get(j), node);
        }
      }
    }
    assertThat(read).isGreaterThan(2000);
    assertThat(refused).isGreaterThan(2000);
  }

  private List<Field> fields() {
    var fields = new ArrayList<Field>();
    for (var i = 0; i < 1 + random.nextInt(5); i++) {
      var field = field("c" + i, "k" + i);
      field = random.nextInt(4) == 0 && field.kind() != Field.Kind.JSON ? field.array() : field;
      field = random.nextBoolean() ? field.nullIfBad() : field;
      fields.add(random.nextInt(5) == 0 ? field.required() : field);
    }
    return fields;
  }

  private Field field(String name, String path) {
    return switch (random.nextInt(9)) {
      case 0 -> Field.text(name, path, "");
      case 1 -> Field.integer(name, path, "");
      case 2 -> Field.bigint(name, path, "");
      case 3 -> {
        var precision = 1 + random.nextInt(38);
        yield Field.decimal(name, path, precision, random.nextInt(precision + 1), "");
      }
      case 4 -> Field.doubleNumber(name, path, "");
      case 5 -> Field.decimalNumber(name, path, "");
      case 6 -> Field.truth(name, path, "");
      case 7 -> Field.date(name, path, "");
      default -> Field.json(name, path, "");
    };
  }

  private String payload() {
    var text = new StringBuilder("{\"other\":1");
    for (var i = 0; i < 6; i++) {
      if (random.nextInt(6) > 0) {
        text.append(",\"k%d\":%s".formatted(i, VALUES[random.nextInt(VALUES.length)]));
      }
    }
    return text.append('}').toString();
  }

  private static JsonNode parsed(String payload) {
    try {
      return JSON.readTree(payload);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(payload, e);
    }
  }

  private static boolean isRefused(Field field, Reading reading) {
    return Stream.concat(reading.errors().stream(), reading.warnings().stream())
        .anyMatch(problem -> field.column().name().equals(problem.column()));
  }

  private static void assertIsExactly(Field field, Object value, JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      assertThat(value).isNull();
    } else if (!field.isArray()) {
      assertIsExactlyOne(field, value, node);
    } else {
      assertThat(node.isArray()).as("%s of %s", value, node).isTrue();
      var values = (List<?>) value;
      assertThat(values).hasSize(node.size());
      for (var i = 0; i < node.size(); i++) {
        if (node.get(i).isNull()) {
          assertThat(values.get(i)).isNull();
        } else {
          assertIsExactlyOne(field, values.get(i), node.get(i));
        }
      }
    }
  }

  private static void assertIsExactlyOne(Field field, Object value, JsonNode node) {
    var text = node.isValueNode() ? node.asText() : node.toString();
    switch (field.kind()) {
      case TEXT -> assertSameJsonOrText(value, node, text);
      case JSON -> assertThat(parsed((String) value)).isEqualTo(node);
      case INTEGER, BIGINT ->
          assertThat(new BigDecimal(value.toString())).isEqualByComparingTo(number(text));
      case DECIMAL -> assertThat((BigDecimal) value).isEqualByComparingTo(number(text));
      // Jackson reads a negative zero as zero.
      case DOUBLE -> assertThat((double) value + 0.0).isEqualTo(number(text).doubleValue());
      case FLOAT -> assertThat((float) value + 0.0f).isEqualTo(number(text).floatValue());
      case BOOLEAN -> assertThat(value.toString()).isEqualTo(text);
      case DATE -> assertThat(value).isEqualTo(LocalDate.parse(text));
      case TIMESTAMP -> throw new IllegalArgumentException("another test's");
    }
  }

  /** Spaces around a number are no part of it. */
  private static BigDecimal number(String text) {
    return new BigDecimal(text.strip());
  }

  /** A number is kept as it is written, which Jackson's tree does not know any more. */
  private static void assertSameJsonOrText(Object value, JsonNode node, String text) {
    if (node.isTextual()) {
      assertThat(value).isEqualTo(text);
    } else {
      assertThat(parsed((String) value)).isEqualTo(node);
    }
  }
}
