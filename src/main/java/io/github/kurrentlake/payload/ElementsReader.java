package io.github.kurrentlake.payload;

import com.fasterxml.jackson.core.JsonToken;
import io.github.kurrentlake.payload.PayloadReader.Reading;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads payloads in which each object of an array is a row. A field whose places lie below the
 * array is read of each object, another one of the whole payload. A payload without the array, or
 * with an empty one, is one row that has the values of the whole alone, so that no event is lost;
 * one with an element that has errors is none.
 */
public final class ElementsReader {
  private final List<String> array;
  private final List<Field> declared;
  private final List<Boolean> isBelow;
  private final PayloadReader whole;
  private final PayloadReader element;

  /**
   * One row.
   *
   * @param ordinal the number of the object in the array, from 1; 0 when there is none
   */
  public record Row(int ordinal, Reading reading) {}

  /**
   * A reader of these fields.
   *
   * @param array the keys that lead to the array
   * @throws IllegalArgumentException as {@link PayloadReader}, and for a field with places below
   *     the array and elsewhere
   */
  public ElementsReader(List<Field> declared, List<String> array, ZoneId zone) {
    this.array = List.copyOf(array);
    this.declared = List.copyOf(declared);
    this.isBelow = this.declared.stream().map(this::isBelow).toList();
    var itself = Field.json("", Keys.path(array), "");
    this.whole = new PayloadReader(Stream.concat(fields(false), Stream.of(itself)).toList(), zone);
    this.element =
        new PayloadReader(fields(true).map(field -> field.below(array.size())).toList(), zone);
  }

  /** The rows, at least one; with errors exactly one. */
  public List<Row> read(byte[] data, String stream) {
    var read = whole.read(data, stream);
    if (!read.errors().isEmpty()) {
      return List.of(new Row(0, refused(read.errors())));
    }
    var text = (String) read.values().get(read.values().size() - 1);
    if (text == null) {
      return List.of(new Row(0, merged(read, null)));
    }
    var elements = Elements.of(text);
    if (elements.isEmpty()) {
      return List.of(new Row(0, refused(List.of(problem("not an array", text)))));
    }
    var rows = new ArrayList<Row>();
    for (var one : elements.get()) {
      var ordinal = rows.size() + 1;
      if (one.token() != JsonToken.START_OBJECT) {
        var message = "element %d is not an object".formatted(ordinal);
        return List.of(new Row(0, refused(List.of(problem(message, one.text())))));
      }
      var reading = element.readObject(one.text(), stream);
      if (!reading.errors().isEmpty()) {
        return List.of(new Row(0, refused(reading.errors())));
      }
      rows.add(new Row(ordinal, merged(read, reading)));
    }
    return rows.isEmpty() ? List.of(new Row(0, merged(read, null))) : rows;
  }

  /** In the order of the declaration. */
  private Reading merged(Reading ofWhole, Reading ofElement) {
    var values = new ArrayList<>(declared.size());
    var above = ofWhole.values().iterator();
    var below = ofElement == null ? null : ofElement.values().iterator();
    for (boolean isOfElement : isBelow) {
      values.add(isOfElement ? below == null ? null : below.next() : above.next());
    }
    var warnings = new ArrayList<>(ofWhole.warnings());
    if (ofElement != null) {
      warnings.addAll(ofElement.warnings());
    }
    return new Reading(values, warnings, List.of());
  }

  private Reading refused(List<Problem> errors) {
    return new Reading(
        new ArrayList<>(Collections.nCopies(declared.size(), null)), List.of(), errors);
  }

  private Problem problem(String message, String text) {
    return new Problem(null, Rule.WRONG_SHAPE, Keys.path(array) + ": " + message, text);
  }

  private Stream<Field> fields(boolean below) {
    return IntStream.range(0, declared.size())
        .filter(i -> isBelow.get(i) == below)
        .mapToObj(declared::get);
  }

  private boolean isBelow(Field field) {
    var below = field.paths().stream().filter(this::isBelow).count();
    if (below != 0 && below != field.paths().size()) {
      throw new IllegalArgumentException(
          "the places of %s lie below %s and elsewhere"
              .formatted(field.column().name(), Keys.path(array)));
    }
    return below > 0;
  }

  private boolean isBelow(List<String> path) {
    return path.size() > array.size() && path.subList(0, array.size()).equals(array);
  }
}
