package io.github.kurrentlake.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What one payload holds at the keys that fields ask for. */
final class Found {
  private final byte[] data;
  private final JsonToken[] tokens;
  private final String[] texts;
  private final List<Problem> warnings = new ArrayList<>();

  Found(Key.Tree keys, byte[] data) {
    this.data = data;
    this.tokens = new JsonToken[keys.size()];
    this.texts = new String[keys.size()];
  }

  /** What was strange about the keys. */
  List<Problem> warnings() {
    return warnings;
  }

  /** The text at a key, or the JSON text of another value; null when there is none, or null. */
  String text(Key key) {
    return texts[key.number()];
  }

  /** What stands at a key, as JSON text; null when there is nothing, or null. */
  String json(Key key) {
    var text = text(key);
    return tokens[key.number()] == JsonToken.VALUE_STRING
        ? '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"'
        : text;
  }

  /**
   * Takes in an object that the parser has begun.
   *
   * @param key where the object is
   * @return whether it has a key
   */
  boolean takeObject(JsonParser parser, Key key) throws IOException {
    var hasKeys = false;
    for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      hasKeys = true;
      parser.nextToken();
      var below = key.below(name);
      if (below == null) {
        parser.skipChildren();
      } else {
        takeValue(parser, name, below);
      }
    }
    return hasKeys;
  }

  private void takeValue(JsonParser parser, String name, Key key) throws IOException {
    if (tokens[key.number()] != null) {
      forget(key);
      warnings.add(new Problem(key.column(), Rule.DOUBLED_KEY, Rule.DOUBLED_KEY.meaning(), name));
    }
    var token = parser.currentToken();
    tokens[key.number()] = token;
    if (token == JsonToken.START_OBJECT && !key.isValue()) {
      takeObject(parser, key);
    } else if (token != JsonToken.VALUE_NULL) {
      texts[key.number()] = text(parser, token);
    }
  }

  private void forget(Key key) {
    tokens[key.number()] = null;
    texts[key.number()] = null;
    key.allBelow().forEach(this::forget);
  }

  private String text(JsonParser parser, JsonToken token) throws IOException {
    if (!token.isStructStart()) {
      return parser.getText();
    }
    var from = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    var to = (int) parser.currentLocation().getByteOffset();
    return new String(data, from, to - from, UTF_8);
  }
}
