package io.github.kurrentlake.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.VariantVal;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Values of rows as text. Timestamps are ISO 8601 in UTC with microseconds; those without a time
 * zone have no Z. Needs a session with {@code spark.sql.datetime.java8API.enabled}.
 */
final class Cells {
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter LOCAL_TIMESTAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT);

  /** Makes generators for {@link #write}. */
  static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  private Cells() {}

  /** A value that has no inner values; null stays null. */
  static String text(Object value) {
    if (value instanceof Instant instant) {
      return TIMESTAMP.format(instant);
    } else if (value instanceof LocalDateTime timestamp) {
      return LOCAL_TIMESTAMP.format(timestamp);
    } else if (value instanceof byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    } else if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    } else if (value instanceof VariantVal variant) {
      return variant.toJson(ZoneOffset.UTC);
    }
    return value == null ? null : value.toString();
  }

  /** A value of any type for a table or CSV: lists, maps and structs as JSON; null stays null. */
  static String shown(Object value) {
    if (!(value instanceof Row
        || value instanceof scala.collection.Map<?, ?>
        || value instanceof scala.collection.Seq<?>)) {
      return text(value);
    }
    var text = new StringWriter();
    try (var json = JSON.createGenerator(text)) {
      write(json, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** The same for a terminal, on which control characters of the data do nothing; null is named. */
  static String visible(Object value) {
    var text = shown(value);
    if (text == null) {
      return "null";
    }
    var visible = new StringBuilder();
    for (var i = 0; i < text.length(); i++) {
      var character = text.charAt(i);
      visible.append(
          switch (character) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default ->
                Character.isISOControl(character)
                    ? "\\u%04x".formatted((int) character)
                    : String.valueOf(character);
          });
    }
    return visible.toString();
  }

  /** Writes a value of any type as JSON; bytes in base64. */
  static void write(JsonGenerator json, Object value) throws IOException {
    if (value instanceof Row row) {
      write(json, row.schema(), row);
    } else if (value instanceof scala.collection.Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : CollectionConverters.asJava(map).entrySet()) {
        json.writeFieldName(text(entry.getKey()));
        write(json, entry.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof scala.collection.Seq<?> list) {
      json.writeStartArray();
      for (var element : CollectionConverters.asJava(list)) {
        write(json, element);
      }
      json.writeEndArray();
    } else if (value instanceof VariantVal variant) {
      json.writeRawValue(text(variant));
    } else if (value instanceof Number || value instanceof Boolean) {
      json.writePOJO(value);
    } else {
      // Null becomes JSON's.
      json.writeString(text(value));
    }
  }

  /** Writes a row as an object with every column, nulls too. */
  static void write(JsonGenerator json, StructType schema, Row row) throws IOException {
    json.writeStartObject();
    for (var i = 0; i < row.length(); i++) {
      json.writeFieldName(schema.fields()[i].name());
      write(json, row.get(i));
    }
    json.writeEndObject();
  }
}
