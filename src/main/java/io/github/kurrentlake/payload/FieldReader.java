package io.github.kurrentlake.payload;

import io.github.kurrentlake.payload.Field.Outcome;
import io.github.kurrentlake.payload.PayloadReader.Reading;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** Makes a field's value of what a payload holds. */
final class FieldReader {
  private final Field field;
  private final List<List<Key>> places;
  private final Times times;
  private final Optional<DateTimeFormatter> calendar;

  FieldReader(Field field, Key.Tree keys, Times times) {
    this.field = field;
    this.places =
        field.paths().stream().map(path -> keys.path(path, field.column().name())).toList();
    this.times = times;
    this.calendar = Optional.of(field.calendar()).filter(p -> !p.isEmpty()).map(Times::calendar);
  }

  /** The value; null when there is none, or when the reading is told why not. */
  Object read(Found found, String stream, Reading reading) {
    var text = text(found, stream);
    if (text == null) {
      noteMissing(found, reading);
      return null;
    }
    return switch (field.kind()) {
      case TEXT -> text(text, reading);
      case INTEGER -> fitting(Numbers.integer(text), text, reading);
      case FLOAT -> fitting(Numbers.decimal(text), text, reading);
      case TIMESTAMP -> time(text, reading);
    };
  }

  /** The first text that is not empty; an empty one when there is no other. */
  private String text(Found found, String stream) {
    String empty = null;
    for (var place : places) {
      var text = found.text(last(place));
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
    if (text.isEmpty() && field.ifMissing() == Outcome.QUARANTINE) {
      refuse(reading);
    }
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
      return fitting(null, text, reading);
    }
    if (time.isUncertain()) {
      warn(Rule.UNCERTAIN_TIME, text, reading);
    }
    return time.instant();
  }

  private Object fitting(Object value, String text, Reading reading) {
    if (value == null) {
      note(Rule.BAD_VALUE, field.kind().misfit(), text, reading);
    }
    return value;
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
