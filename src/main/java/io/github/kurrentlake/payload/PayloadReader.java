package io.github.kurrentlake.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/**
 * Reads the payloads of events in one pass: the values of a projection's fields, and all that is
 * wrong. Numbers and what stands in the place of a text are taken as they are written. A reader
 * keeps nothing of what it read, and may be used by several threads.
 */
public final class PayloadReader {
  private static final int DEEPEST = 1000;

  static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final List<FieldReader> fields = new ArrayList<>();
  private final Key.Tree keys = new Key.Tree();

  /**
   * What a payload holds.
   *
   * @param values a value for each field, in their order: a {@link String}, {@link Integer}, {@link
   *     Long}, {@link java.math.BigDecimal}, {@link Double}, {@link Float}, {@link Boolean}, {@link
   *     java.time.LocalDate} or {@link java.time.Instant} by the field's kind, a {@link List} of
   *     these, or null
   * @param warnings what is wrong although the values stand
   * @param errors why the values do not stand; empty when they do
   */
  public record Reading(List<Object> values, List<Problem> warnings, List<Problem> errors) {}

  /**
   * A reader of these fields.
   *
   * @param declared the fields, in the order of their values
   * @param zone the zone of timestamps that name none
   * @throws IllegalArgumentException when a key would hold a value for one field and an object with
   *     another's
   */
  public PayloadReader(List<Field> declared, ZoneId zone) {
    var times = new Times(zone);
    declared.forEach(field -> fields.add(new FieldReader(field, keys, times)));
  }

  /**
   * Reads a payload.
   *
   * @param data the payload in UTF-8; null when the event has none
   * @param stream the event's stream
   */
  public Reading read(byte[] data, String stream) {
    if (isRedacted(data)) {
      return refused(Rule.REDACTED, data);
    }
    if (!Texts.mayBeJson(data)) {
      return refused(Rule.NOT_JSON, data);
    }
    try (var parser = JSON.createParser(data)) {
      var found = new Found(keys, data);
      var refusal = read(parser, found);
      return refusal == null ? values(found, stream) : refused(refusal, data);
    } catch (StreamConstraintsException e) {
      return refused(Rule.TOO_DEEP, data);
    } catch (JsonProcessingException e) {
      return refused(Rule.NOT_JSON, data);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  /**
   * Reads an object of a payload, which may be empty.
   *
   * @param json the object's text
   */
  Reading readObject(String json, String stream) {
    var data = json.getBytes(UTF_8);
    try (var parser = JSON.createParser(data)) {
      var found = new Found(keys, data);
      parser.nextToken();
      found.takeObject(parser, keys.payload());
      return values(found, stream);
    } catch (IOException e) {
      throw new UncheckedIOException("reading what was read before", e);
    }
  }

  /** Finds the values, and says why there can be none; null when there can. */
  private Rule read(JsonParser parser, Found found) throws IOException {
    Rule refusal = null;
    var token = parser.nextToken();
    if (token == JsonToken.START_OBJECT) {
      refusal = found.takeObject(parser, keys.payload()) ? null : Rule.EMPTY;
    } else if (token == JsonToken.VALUE_STRING) {
      refusal = isBase64(parser.getText()) ? Rule.BINARY : Rule.WRONG_SHAPE;
    } else if (token != null) {
      refusal = Rule.WRONG_SHAPE;
      parser.skipChildren();
    }
    return token == null || parser.nextToken() != null ? Rule.NOT_JSON : refusal;
  }

  private Reading values(Found found, String stream) {
    var reading = new Reading(new ArrayList<>(fields.size()), found.warnings(), new ArrayList<>());
    for (var field : fields) {
      reading.values.add(field.read(found, stream, reading));
    }
    return reading;
  }

  private Reading refused(Rule rule, byte[] data) {
    var message = rule == Rule.WRONG_SHAPE ? "the payload is not an object" : rule.meaning();
    var text = data == null ? null : new String(data, UTF_8);
    return new Reading(
        Collections.nCopies(fields.size(), null),
        List.of(),
        List.of(new Problem(null, rule, message, text)));
  }

  /** So KurrentDB shows it: as nothing, or as bytes of which there are none. */
  private static boolean isRedacted(byte[] data) {
    return data == null
        || data.length == 0
        || (data.length == 2 && data[0] == '"' && data[1] == '"');
  }

  private static boolean isBase64(String text) {
    try {
      return text.length() % 4 == 0 && Base64.getDecoder().decode(text) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
