package io.github.kurrentlake.payload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The elements of a JSON array. */
final class Elements {
  /**
   * One of them.
   *
   * @param token what it begins with
   * @param text as {@link Found#text}; null for JSON's null
   */
  record Element(JsonToken token, String text) {}

  private Elements() {}

  /** All of them; empty when the text is no array. */
  static Optional<List<Element>> of(String text) {
    var elements = new ArrayList<Element>();
    try (var parser = PayloadReader.JSON.createParser(text)) {
      var isArray = parser.nextToken() == JsonToken.START_ARRAY;
      while (isArray && parser.nextToken() != JsonToken.END_ARRAY) {
        elements.add(new Element(parser.currentToken(), text(parser, text)));
      }
      return isArray && parser.nextToken() == null ? Optional.of(elements) : Optional.empty();
    } catch (JsonProcessingException e) {
      // It begins like an array.
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private static String text(JsonParser parser, String all) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (!parser.currentToken().isStructStart()) {
      return parser.getText();
    }
    var from = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    return all.substring(from, (int) parser.currentLocation().getCharOffset());
  }
}
