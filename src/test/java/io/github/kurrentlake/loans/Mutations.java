package io.github.kurrentlake.loans;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.github.kurrentlake.silver.Projection;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;

/** Payloads made worse in the ways that producers, transports and editors know. */
final class Mutations {
  /** JSON values, well formed or not, that stand where others were. */
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "[]",
          "{}",
          "0",
          "-1",
          "35",
          "10000.0",
          "10000.5",
          "1e4",
          "1e400",
          "-0.0",
          "2147483648",
          "123456789012345678901234567890",
          "NaN",
          "-Infinity",
          "01",
          "0x10",
          "None",
          "\"\"",
          "\" \"",
          "\"35\"",
          "\"3.5\"",
          "\"35d\"",
          "\"abc\"",
          "\"NaN\"",
          "\"null\"",
          "\"2025-02-30 10:00:00\"",
          "\"2025-01-29T16:45:43+01:00\"",
          "\"2025-01-29\"",
          "\"2025\"",
          "1738168933.527328",
          "\"1758982243380\"",
          "9999999999999999",
          "20241103",
          "\"20241103221500\"",
          "1738168933000000",
          "0.9999999999999999999",
          "1e-46",
          "2.50",
          "\"2024-11-03 22:15:00 BST\"",
          "\"2024-11-03T22:15:00.123456789Z\"",
          "\"0000-01-01\"",
          "\"\u0664\"",
          "{\"City\":\"x\",\"City\":null,\"Street\":2.50}",
          "[1,\"x\",null]",
          "{\"City\":{\"City\":\"x\"}}",
          "[{\"City\":\"x\"}]",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "\"\ud83d\ude00\"",
          "\"\u202eabc\"",
          "\"a\\\"b\"",
          "\"tab\there\"",
          "'single'",
          "9".repeat(1200),
          "[".repeat(400) + "]".repeat(400),
          "[".repeat(1500) + "]".repeat(1500),
          "\"" + "long ".repeat(2000) + "\"");

  /** Whole payloads. */
  private static final List<String> PAYLOADS =
      List.of(
          "",
          " ",
          "{}",
          " {} ",
          "[]",
          "null",
          "5",
          "\"\"",
          "\"YWJjZA==\"",
          "\"text\"",
          "{",
          "}",
          "{\"a\":1}",
          "[{\"Amount\":1}]",
          "\uFEFF{\"Amount\":1}",
          "<xml/>",
          "\0");

  private static final String CHARACTERS = "{}[]\",:\\'0 ax\n\u00e9\ufffd";

  private final Random random;
  private final ObjectMapper json = new ObjectMapper();

  Mutations(long seed) {
    random = new Random(seed);
  }

  /** A worse payload, or the same one; null as KurrentDB may give it. */
  String mutate(String payload, Projection projection) {
    var mutated = payload;
    while (random.nextInt(3) > 0) {
      mutated = once(mutated, projection);
    }
    return random.nextInt(200) == 0 ? null : mutated;
  }

  private String once(String payload, Projection projection) {
    var at = payload.isEmpty() ? 0 : random.nextInt(payload.length());
    return switch (random.nextInt(14)) {
      case 0 -> payload.substring(0, at);
      case 1 -> payload.substring(0, at) + oneOf(CHARACTERS.split("")) + payload.substring(at);
      case 2 ->
          payload.isEmpty() ? payload : new StringBuilder(payload).deleteCharAt(at).toString();
      case 3 -> oneOf(PAYLOADS);
      case 4 -> payload + oneOf(PAYLOADS);
      case 5 -> "[" + payload + "]";
      case 6 -> withKeyTwice(payload, key(projection));
      default -> withValue(payload, key(projection));
    };
  }

  private String withKeyTwice(String payload, String key) {
    return payload.replaceFirst("\\{", Matcher.quoteReplacement("{\"" + key + "\":" + raw() + ","));
  }

  /** The same bytes, or rarely with one changed. */
  byte[] spoil(byte[] payload) {
    if (payload.length > 0 && random.nextInt(50) == 0) {
      payload[random.nextInt(payload.length)] = (byte) random.nextInt(256);
    }
    return payload;
  }

  /** Replaces the value of a key, or adds the key. */
  private String withValue(String payload, String key) {
    try {
      if (json.readTree(payload) instanceof ObjectNode object) {
        return json.writeValueAsString(object.putRawValue(key, new RawValue(raw())));
      }
    } catch (JsonProcessingException e) {
      // It is no JSON any more, and stays what it is.
    }
    return payload;
  }

  private String key(Projection projection) {
    var field = oneOf(projection.fields());
    return oneOf(field.paths()).get(0);
  }

  private String raw() {
    return oneOf(VALUES);
  }

  private <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private String oneOf(String... choices) {
    return oneOf(List.of(choices));
  }
}
