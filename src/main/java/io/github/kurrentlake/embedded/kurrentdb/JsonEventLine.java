package io.github.kurrentlake.embedded.kurrentdb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.github.kurrentlake.error.KurrentlakeException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.UUID;

/** Reads one record from one line of JSON, and says what is wrong with a line that has none. */
final class JsonEventLine {
  // The line is in memory already, and a payload may be as long as the line.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private static final int UUID_LENGTH = 36;

  private final EventsFileOrder order;

  JsonEventLine(EventsFileOrder order) {
    this.order = order;
  }

  /**
   * The record of a line that is not blank.
   *
   * @throws KurrentlakeException {@link io.github.kurrentlake.error.ErrorCode#BAD_EVENTS_FILE}
   */
  LogRecord parse(ByteLines lines, long line) {
    try (var parser = JSON.createParser(lines.buffer(), lines.offset(), lines.length())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw order.defect(line, null, "is not a JSON object");
      }
      var row = new EventsFileRow();
      var missing = EnumSet.allOf(EventsFileColumn.class);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        var name = parser.currentName();
        var column = EventsFileColumn.named(name);
        if (column == null) {
          throw order.defect(line, name, "is not a column of kdb.records");
        }
        if (!missing.remove(column)) {
          throw order.defect(line, name, "is given twice");
        }
        parser.nextToken();
        read(parser, column, row, line);
      }
      if (parser.nextToken() != null) {
        throw order.defect(line, null, "holds more than one JSON object");
      }
      for (var column : missing) {
        if (column.required()) {
          throw order.defect(line, column.label(), "is missing");
        }
      }
      return order.accept(row, line);
    } catch (JsonProcessingException e) {
      throw order
          .defect(
              line,
              null,
              "is not valid JSON at character "
                  + e.getLocation().getColumnNr()
                  + ": "
                  + e.getOriginalMessage())
          .causedBy(e);
    } catch (IOException e) {
      throw order.defect(line, null, "is not valid UTF-8: " + e.getMessage()).causedBy(e);
    }
  }

  private void read(JsonParser parser, EventsFileColumn column, EventsFileRow row, long line)
      throws IOException {
    switch (column) {
      case LOG_POSITION -> row.logPosition = number(parser, column, line);
      case CREATED_AT -> row.createdAt = number(parser, column, line);
      case COMMIT_POSITION -> row.commitPosition = numberOrNull(parser, column, line);
      case STREAM_REVISION -> row.streamRevision = numberOrNull(parser, column, line);
      case STREAM -> row.stream = text(parser, column, line);
      case SCHEMA_NAME -> row.schemaName = text(parser, column, line);
      case CATEGORY -> row.category = textOrNull(parser, column, line);
      case SCHEMA_ID -> row.schemaId = textOrNull(parser, column, line);
      case SCHEMA_FORMAT -> row.schemaFormat = textOrNull(parser, column, line);
      case DATA -> row.data = textOrNull(parser, column, line);
      case METADATA -> row.metadata = textOrNull(parser, column, line);
      case RECORD_ID -> {
        var id = textOrNull(parser, column, line);
        row.recordIdGiven = id != null;
        row.recordId = id == null || id.isEmpty() ? null : uuid(id, order, line);
      }
      case EXPIRES_AT, STREAM_HASH, DELETED -> parser.skipChildren();
    }
  }

  /** A UUID in its usual form; {@link UUID#fromString} alone also takes shorter ones. */
  static UUID uuid(String text, EventsFileOrder order, long line) {
    try {
      if (text.length() == UUID_LENGTH) {
        return UUID.fromString(text);
      }
    } catch (IllegalArgumentException e) {
      throw badUuid(text, order, line).causedBy(e);
    }
    throw badUuid(text, order, line);
  }

  private static KurrentlakeException badUuid(String text, EventsFileOrder order, long line) {
    return order.defect(line, EventsFileColumn.RECORD_ID.label(), "is not a UUID: " + text);
  }

  private long number(JsonParser parser, EventsFileColumn column, long line) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw wrongType(parser, column, "a whole number", line);
    }
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw order.defect(line, column.label(), "is beyond the range of a 64-bit number");
    }
    return parser.getLongValue();
  }

  private Long numberOrNull(JsonParser parser, EventsFileColumn column, long line)
      throws IOException {
    return parser.currentToken() == JsonToken.VALUE_NULL ? null : number(parser, column, line);
  }

  private String text(JsonParser parser, EventsFileColumn column, long line) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw wrongType(parser, column, "text", line);
    }
    return parser.getText();
  }

  private String textOrNull(JsonParser parser, EventsFileColumn column, long line)
      throws IOException {
    return parser.currentToken() == JsonToken.VALUE_NULL ? null : text(parser, column, line);
  }

  private KurrentlakeException wrongType(
      JsonParser parser, EventsFileColumn column, String expected, long line) {
    var found =
        switch (parser.currentToken()) {
          case START_OBJECT -> "an object";
          case START_ARRAY -> "a list";
          case VALUE_STRING -> "text";
          case VALUE_NUMBER_INT -> "a number";
          case VALUE_NUMBER_FLOAT -> "a number with a fraction";
          case VALUE_TRUE, VALUE_FALSE -> "true or false";
          case VALUE_NULL -> "null";
          case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT -> "nothing";
        };
    return order.defect(line, column.label(), "must be " + expected + ", but is " + found);
  }
}
