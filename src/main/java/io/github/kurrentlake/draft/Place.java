package io.github.kurrentlake.draft;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kurrentlake.payload.Keys;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What was seen at one place of the payloads of a type. */
final class Place {
  /** As JSON writes numbers, so that {@code 007} and {@code +49} are none. */
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

  private final List<String> keys;
  private int present;
  private int values;
  private int objects;
  private int arrays;
  private int elements;
  private int objectsInArrays;
  private int arraysInArrays;
  private int empties;
  private boolean hasNumbers;
  private boolean hasOtherThanNumbers;
  private boolean hasExponents;
  private int integerDigits;
  private int scale;
  private long firstPosition = Long.MAX_VALUE;
  private long lastPosition;

  Place(List<String> keys) {
    this.keys = List.copyOf(keys);
  }

  List<String> keys() {
    return keys;
  }

  /** As a declaration writes it. */
  String path() {
    return Keys.path(keys);
  }

  /** In how many events something stands here that is not null. */
  int present() {
    return present;
  }

  /** The position of the first event of the sample in which something stands here. */
  long firstPosition() {
    return firstPosition;
  }

  /** The position of the last event in which something stands here. */
  long lastPosition() {
    return lastPosition;
  }

  /** Whether an object stands here now and then, and another value at other times. */
  boolean isMixed() {
    return (objects > 0 && values + arrays > 0) || (arrays > 0 && values > 0);
  }

  boolean isObject() {
    return objects > 0 && values + arrays == 0;
  }

  boolean isArray() {
    return arrays > 0 && values + objects == 0;
  }

  /** Whether an array stands here in which only objects were seen. */
  boolean isArrayOfObjects() {
    return isArray() && objectsInArrays > 0 && objectsInArrays == elements;
  }

  /** Whether an array stands here in which objects or arrays were seen. */
  boolean isArrayOfContainers() {
    return isArray() && objectsInArrays + arraysInArrays > 0;
  }

  /** In how many events a text without a character stands here. */
  int empties() {
    return empties;
  }

  /** Whether each value is a number, also as a text, and would be the same text again. */
  boolean isNumeric() {
    return !hasOtherThanNumbers && present > 0;
  }

  /** Whether some values are numbers and others are not. */
  boolean isNumericNowAndThen() {
    return hasNumbers && hasOtherThanNumbers;
  }

  boolean hasExponents() {
    return hasExponents;
  }

  int integerDigits() {
    return integerDigits;
  }

  int scale() {
    return scale;
  }

  /** Takes in what stands here in an event. */
  void see(JsonNode node, long position) {
    if (node.isNull()) {
      return;
    }
    present++;
    firstPosition = Math.min(firstPosition, position);
    lastPosition = Math.max(lastPosition, position);
    if (node.isObject()) {
      objects++;
    } else if (node.isArray()) {
      arrays++;
      for (var element : node) {
        elements++;
        objectsInArrays += element.isObject() ? 1 : 0;
        arraysInArrays += element.isArray() ? 1 : 0;
        seeValue(element);
      }
    } else {
      values++;
      empties += node.asText().isEmpty() ? 1 : 0;
      seeValue(node);
    }
  }

  private void seeValue(JsonNode node) {
    if (node.isNull() || node.isContainerNode()) {
      return;
    }
    var text = node.asText();
    if (node.isBoolean() || !NUMBER.matcher(text).matches()) {
      hasOtherThanNumbers = true;
      return;
    }
    hasNumbers = true;
    var number = new BigDecimal(text);
    hasExponents |= node.isFloatingPointNumber() && text.toLowerCase(Locale.ROOT).contains("e");
    scale = Math.max(scale, number.scale());
    integerDigits = Math.max(integerDigits, number.precision() - number.scale());
  }
}
