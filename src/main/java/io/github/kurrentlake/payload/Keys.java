package io.github.kurrentlake.payload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a payload has, whoever reads it. */
public final class Keys {
  private Keys() {}

  /**
   * The paths of a payload that lead to values, with what stands there: {@code text}, {@code whole
   * number}, {@code number}, {@code truth}, {@code array}, {@code null}, or {@code object} for an
   * empty one. Empty for what is no JSON object.
   *
   * @param data the payload; null when the event has none
   */
  public static Map<String, String> of(String data) {
    var found = new LinkedHashMap<String, String>();
    if (data == null) {
      return found;
    }
    try (var parser = PayloadReader.JSON.createParser(data)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        take(parser, "", found);
      }
      return found;
    } catch (JsonProcessingException e) {
      // What cannot be read is in quarantine, which says why.
      return Map.of();
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  /** A path as {@link Field#text} takes it. */
  public static String path(List<String> keys) {
    return keys.stream().map(Keys::escaped).collect(Collectors.joining("."));
  }

  private static String escaped(String key) {
    return key.replace(".", "\\.");
  }

  private static void take(JsonParser parser, String above, Map<String, String> found)
      throws IOException {
    for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      var path = above + escaped(name);
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        var before = found.size();
        take(parser, path + ".", found);
        if (found.size() == before) {
          found.put(path, "object");
        }
      } else {
        found.put(path, kind(parser.currentToken()));
        parser.skipChildren();
      }
    }
  }

  private static String kind(JsonToken token) {
    return switch (token) {
      case START_ARRAY -> "array";
      case VALUE_NUMBER_INT -> "whole number";
      case VALUE_NUMBER_FLOAT -> "number";
      case VALUE_TRUE, VALUE_FALSE -> "truth";
      case VALUE_NULL -> "null";
      default -> "text";
    };
  }
}
