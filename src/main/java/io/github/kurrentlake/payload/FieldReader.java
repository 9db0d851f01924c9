package io.github.kurrentlake.payload;

import io.github.kurrentlake.payload.Field.Kind;
import io.github.kurrentlake.payload.Field.Outcome;
import io.github.kurrentlake.payload.PayloadReader.Reading;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Makes a field's value of what a payload holds. */
final class FieldReader {
  private final Field field;
  private final List<List<Key>> places;
  private final Times times;
  private final Optional<DateTimeFormatter> calendar;
  private final Digits decimal;

  /** Of a decimal column; of others none. */
  private record Digits(int precision, int scale) {
    private static final Pattern TYPE = Pattern.compile("DECIMAL\\((\\d+), (\\d+)\\)");

    static Digits of(String columnType) {
      var digits = TYPE.matcher(columnType);
      return digits.find()
          ? new Digits(Integer.parseInt(digits.group(1)), Integer.parseInt(digits.group(2)))
          : new Digits(0, 0);
    }
  }

  FieldReader(Field field, Key.Tree keys, Times times) {
    this.field = field;
    this.places =
        field.paths().stream().map(path -> keys.path(path, field.column().name())).toList();
    this.times = times;
    this.decimal = Digits.of(field.column().type());
    this.calendar = Optional.of(field.calendar()).filter(p -> !p.isEmpty()).map(Times::calendar);
  }

  /** The value; null when there is none, or when the reading is told why not. */
  Object read(Found found, String stream, Reading reading) {
    var text = text(found, stream);
    if (text == null) {
      noteMissing(found, reading);
      return null;
    }
    if (field.isArray()) {
      return array(text, reading);
    }
    if (text.isEmpty() && field.kind() == Kind.TEXT && field.ifMissing() == Outcome.QUARANTINE) {
      refuse(reading);
    }
    var value = value(text, reading);
    if (value == null) {
      misfit(text, "", reading);
    }
    return value;
  }

  /** The value that a text is; null when it is none. */
  private Object value(String text, Reading reading) {
    return switch (field.kind()) {
      case TEXT, JSON -> text(text, reading);
      case INTEGER -> Numbers.integer(text);
      case BIGINT -> Numbers.bigint(text);
      case DECIMAL -> Numbers.decimal(text, decimal.precision(), decimal.scale());
      case DOUBLE -> Numbers.doubleNumber(text);
      case FLOAT -> Numbers.decimal(text);
      case BOOLEAN -> truth(text);
      case DATE -> Times.date(text);
      case TIMESTAMP -> time(text, reading);
    };
  }

  private static Boolean truth(String text) {
    return switch (text) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> null;
    };
  }

  /** The values of an array's elements; null when one is none, or when it is no array. */
  private List<Object> array(String text, Reading reading) {
    var elements = Elements.of(text);
    if (elements.isEmpty()) {
      misfit(text, "not an array: ", reading);
      return null;
    }
    var values = new ArrayList<>();
    for (var element : elements.get()) {
      var value = element.text() == null ? null : value(element.text(), reading);
      if (element.text() != null && value == null) {
        misfit(element.text(), "element %d: ".formatted(values.size()), reading);
        return null;
      }
      values.add(value);
    }
    return values;
  }

  /** The first text that is not empty; an empty one when there is no other. */
  private String text(Found found, String stream) {
    String empty = null;
    for (var place : places) {
      var key = last(place);
      var text = field.kind() == Kind.JSON ? found.json(key) : found.text(key);
      if (text != null && !text.isEmpty()) {
        return text;
      }
      empty = text == null ? empty : text;
    }
    var other =
        switch (field.fallback()) {
          case NOWHERE -> null;
          case STREAM_NAME -> entity(stream);
        };
    return other == null ? empty : other;
  }

  private static Key last(List<Key> place) {
    return place.get(place.size() - 1);
  }

  private static String entity(String stream) {
    var dash = stream.indexOf('-');
    return dash > 0 && dash < stream.length() - 1 ? stream.substring(dash + 1) : null;
  }

  private void noteMissing(Found found, Reading reading) {
    for (var place : places) {
      for (var key : place.subList(0, place.size() - 1)) {
        if (found.text(key) != null) {
          note(Rule.WRONG_SHAPE, "not an object: " + field.places(), found.text(key), reading);
          return;
        }
      }
    }
    if (field.ifMissing() == Outcome.QUARANTINE) {
      refuse(reading);
    }
  }

  private void refuse(Reading reading) {
    reading.errors().add(problem(Rule.MISSING, "no value at " + field.places(), null));
  }

  private String text(String text, Reading reading) {
    var stored = Texts.wellFormed(text);
    if (!stored.equals(text)) {
      warn(Rule.BROKEN_CHARACTER, text, reading);
    }
    return stored;
  }

  private Object time(String text, Reading reading) {
    var time =
        calendar
            .flatMap(format -> times.read(text, format))
            .or(() -> times.read(text))
            .orElse(null);
    if (time == null) {
      return null;
    }
    if (time.isUncertain()) {
      warn(Rule.UNCERTAIN_TIME, text, reading);
    }
    return time.instant();
  }

  private void misfit(String text, String where, Reading reading) {
    note(Rule.BAD_VALUE, where + field.kind().misfit(), text, reading);
  }

  private void note(Rule rule, String message, String text, Reading reading) {
    var isRequired = rule == Rule.WRONG_SHAPE && field.ifMissing() == Outcome.QUARANTINE;
    var problems =
        field.ifBad() == Outcome.NULL && !isRequired ? reading.warnings() : reading.errors();
    problems.add(problem(rule, message, text));
  }

  private void warn(Rule rule, String text, Reading reading) {
    reading.warnings().add(problem(rule, rule.meaning(), text));
  }

  private Problem problem(Rule rule, String message, String text) {
    return new Problem(field.column().name(), rule, message, text);
  }
}
