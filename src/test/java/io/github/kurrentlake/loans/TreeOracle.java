package io.github.kurrentlake.loans;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.ZoneOffset.UTC;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.kurrentlake.payload.Field;
import io.github.kurrentlake.payload.Field.Outcome;
import io.github.kurrentlake.payload.PayloadReader.Reading;
import io.github.kurrentlake.payload.Problem;
import io.github.kurrentlake.payload.Rule;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** What is right about a payload, by Jackson's tree of it and Java's own numbers and times. */
final class TreeOracle {
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNumberLength(1_000_000).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-")
          .appendValue(ChronoField.MONTH_OF_YEAR, 1, 2, SignStyle.NOT_NEGATIVE)
          .appendLiteral('-')
          .appendValue(ChronoField.DAY_OF_MONTH, 1, 2, SignStyle.NOT_NEGATIVE)
          .appendPattern("[['T'][' ']")
          .appendValue(ChronoField.HOUR_OF_DAY, 1, 2, SignStyle.NOT_NEGATIVE)
          .appendLiteral(':')
          .appendValue(ChronoField.MINUTE_OF_HOUR, 1, 2, SignStyle.NOT_NEGATIVE)
          .appendPattern("[:")
          .appendValue(ChronoField.SECOND_OF_MINUTE, 1, 2, SignStyle.NOT_NEGATIVE)
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendPattern("][ ][VV]]")
          .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
          .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private final List<Field> fields;
  private final ZoneId zone;

  TreeOracle(List<Field> fields, ZoneId zone) {
    this.fields = fields;
    this.zone = zone;
  }

  /** What is wrong about what was read; empty when nothing is. */
  List<String> objections(byte[] data, String stream, Reading read) {
    var rule = ruleOfWhole(data);
    if (rule != null) {
      var isSaid =
          read.errors().size() == 1
              && read.errors().get(0).column() == null
              && read.errors().get(0).rule() == rule;
      return isSaid ? List.of() : List.of("it is " + rule + " and not " + read.errors());
    }
    var payload = tree(data);
    var objections = new ArrayList<String>();
    var errors = new ArrayList<String>();
    var warnings = new ArrayList<String>();
    for (var i = 0; i < fields.size(); i++) {
      var field = fields.get(i);
      var node = node(field, payload, stream);
      var value = node == null ? null : value(field.kind(), node);
      var column = field.column().name();
      if (!isValue(node, value, read.values().get(i))) {
        objections.add(column + " is " + value);
      }
      if (node == null || (field.kind() == Field.Kind.TEXT && isRequiredAndEmpty(field, node))) {
        var misplaced = node == null && liesInNoObject(field, payload);
        if (field.ifMissing() == Outcome.QUARANTINE) {
          errors.add(column + (misplaced ? Rule.WRONG_SHAPE : Rule.MISSING));
        } else if (misplaced) {
          (field.ifBad() == Outcome.NULL ? warnings : errors).add(column + Rule.WRONG_SHAPE);
        }
      } else if (value == null) {
        (field.ifBad() == Outcome.NULL ? warnings : errors).add(column + Rule.BAD_VALUE);
      } else if (value instanceof String text && node.isTextual() && !text.equals(node.asText())) {
        warnings.add(column + Rule.BROKEN_CHARACTER);
      }
    }
    compare(objections, errors, read.errors());
    compare(objections, warnings, read.warnings());
    return objections;
  }

  /** Of keys that come twice a tree knows nothing; times that do so are none of the sample's. */
  private static void compare(List<String> objections, List<String> right, List<Problem> said) {
    var found =
        said.stream()
            .filter(problem -> problem.rule() != Rule.DOUBLED_KEY)
            .map(problem -> problem.column() + problem.rule())
            .toList();
    if (!found.equals(right)) {
      objections.add("problems are " + right + " and not " + found);
    }
  }

  private static Rule ruleOfWhole(byte[] data) {
    var text = data == null ? "" : text(data);
    if (text == null || text.indexOf('\0') >= 0) {
      return Rule.NOT_JSON;
    }
    if (text.isEmpty() || text.equals("\"\"")) {
      return Rule.REDACTED;
    }
    try {
      var tree = JSON.readTree(text);
      if (tree instanceof ObjectNode) {
        return tree.isEmpty() ? Rule.EMPTY : null;
      }
      if (tree.isMissingNode()) {
        return Rule.NOT_JSON;
      }
      return tree.isTextual()
              && tree.asText()
                  .matches("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
          ? Rule.BINARY
          : Rule.WRONG_SHAPE;
    } catch (StreamConstraintsException e) {
      return Rule.TOO_DEEP;
    } catch (JsonProcessingException e) {
      return Rule.NOT_JSON;
    }
  }

  /** Null when it is no text. */
  private static String text(byte[] data) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(data)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static JsonNode tree(byte[] data) {
    return tree(text(data));
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the payload holds for a field; null when it holds nothing. */
  private static JsonNode node(Field field, JsonNode payload, String stream) {
    JsonNode empty = null;
    for (var path : field.paths()) {
      var node = payload;
      for (var key : path) {
        node = node instanceof ObjectNode ? node.path(key) : MissingNode.getInstance();
      }
      if (node.isTextual() && node.asText().isEmpty()) {
        empty = node;
      } else if (!node.isMissingNode() && !node.isNull()) {
        return node;
      }
    }
    return field.fallback() == Field.Fallback.STREAM_NAME
        ? TextNode.valueOf(stream.split("-", 2)[1])
        : empty;
  }

  private static boolean isRequiredAndEmpty(Field field, JsonNode node) {
    return field.ifMissing() == Outcome.QUARANTINE && node.isTextual() && node.asText().isEmpty();
  }

  private static boolean liesInNoObject(Field field, JsonNode payload) {
    return field.paths().stream()
        .filter(path -> path.size() > 1)
        .map(path -> payload.path(path.get(0)))
        .anyMatch(node -> !node.isMissingNode() && !node.isNull() && !node.isObject());
  }

  /** The value; null when the node holds none of the kind. */
  private Object value(Field.Kind kind, JsonNode node) {
    if (kind == Field.Kind.TEXT) {
      return node.isTextual()
          ? node.asText().replaceAll("[\\x{D800}-\\x{DFFF}]", "\uFFFD")
          : node.toString();
    }
    if (!node.isTextual() && !node.isNumber()) {
      return null;
    }
    var text = node.asText().strip();
    return switch (kind) {
      case INTEGER -> whole(number(text));
      case FLOAT -> real(number(text));
      case TIMESTAMP ->
          text.matches("\\d{4}-.{1,2}-.{1,2}([T ].*)?") ? time(text) : epoch(number(text));
      default -> throw new IllegalStateException("no loan has a " + kind);
    };
  }

  private static BigDecimal number(String text) {
    try {
      return text.matches("[\\x00-\\x7f]*") ? new BigDecimal(text) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Integer whole(BigDecimal number) {
    var isWhole =
        number != null
            && number.abs().compareTo(BigDecimal.valueOf(1L << 31)) <= 0
            && number.remainder(BigDecimal.ONE).signum() == 0
            && number.longValue() == number.intValue();
    return isWhole ? number.intValue() : null;
  }

  private static Float real(BigDecimal number) {
    var value = number == null ? Float.NaN : number.floatValue();
    return Float.isFinite(value) ? value : null;
  }

  private Instant time(String text) {
    try {
      var parsed = TIME.parseBest(text, ZonedDateTime::from, LocalDateTime::from);
      var instant =
          parsed instanceof ZonedDateTime zoned
              ? zoned.toInstant()
              : ((LocalDateTime) parsed).atZone(zone).toInstant();
      var year = instant.atOffset(UTC).getYear();
      return year >= 1 && year <= 9999 ? instant.truncatedTo(ChronoUnit.MICROS) : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static Instant epoch(BigDecimal number) {
    for (var unit = 1L; number != null && unit <= 1_000_000_000L; unit *= 1000) {
      var seconds = number.divide(BigDecimal.valueOf(unit));
      if (seconds.compareTo(BigDecimal.valueOf(631_152_000L)) >= 0
          && seconds.compareTo(BigDecimal.valueOf(4_102_444_800L)) < 0) {
        var whole = seconds.longValue();
        var micros = seconds.subtract(BigDecimal.valueOf(whole)).movePointRight(6).longValue();
        return Instant.ofEpochSecond(whole, micros * 1000);
      }
    }
    return null;
  }

  /** Texts that are no JSON texts must be the same, others must mean the same. */
  private static boolean isValue(JsonNode node, Object right, Object value) {
    if (right instanceof Float number) {
      return value instanceof Float found && number.floatValue() == found.floatValue();
    }
    return (right instanceof String && !node.isTextual() && value instanceof String text)
        ? tree(text).toString().equals(right)
        : Objects.equals(right, value);
  }
}
