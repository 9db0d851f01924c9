package io.github.kurrentlake.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kurrentlake.payload.Field;
import io.github.kurrentlake.silver.Projection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The columns of a projection. */
final class SilverColumns {
  private static final Pattern TYPE =
      Pattern.compile("(array<)?(\\w+)(?:\\((\\d+), ?(\\d+)\\))?>?");

  private final Faults faults;
  private final boolean isExploding;

  SilverColumns(Faults faults, boolean isExploding) {
    this.faults = faults;
    this.isExploding = isExploding;
  }

  List<Field> read(JsonNode nodes) {
    var fields = new ArrayList<Field>();
    var names = new HashSet<String>();
    for (var node : nodes) {
      var name = node.path("name").asText();
      if (Projection.OWN_COLUMNS.contains(name)
          || (isExploding && name.equals(Projection.ORDINAL))) {
        faults.add(node.path("name"), "every such table has a column " + name);
      } else if (!names.add(name)) {
        faults.add(node.path("name"), "two columns have the name " + name);
      }
      try {
        field(node).ifPresent(fields::add);
      } catch (IllegalArgumentException e) {
        faults.add(node, e.getMessage());
      }
    }
    return fields;
  }

  /** Empty for one whose form the schema refuses. */
  private static Optional<Field> field(JsonNode node) {
    var type = node.path("type").asText();
    var plain = of(type, node);
    if (plain.isEmpty()) {
      return plain;
    }
    var field = type.startsWith("array<") ? plain.get().array() : plain.get();
    for (var place : node.path("older_places")) {
      field = field.or(place.asText());
    }
    field = node.path("or_stream").asBoolean() ? field.orFromStream() : field;
    field = node.path("required").asBoolean() ? field.required() : field;
    field = node.path("null_if_bad").asBoolean() ? field.nullIfBad() : field;
    field = node.has("calendar") ? field.calendarDigits(node.path("calendar").asText()) : field;
    return Optional.of(node.path("personal").asBoolean() ? field.personal() : field);
  }

  private static Optional<Field> of(String type, JsonNode node) {
    var name = node.path("name").asText();
    var place = node.path("place").asText();
    var comment = node.path("comment").asText("At " + place + " of the payload");
    var parts = TYPE.matcher(type);
    if (!parts.matches() || !node.path("place").isTextual()) {
      return Optional.empty();
    }
    return switch (parts.group(2)) {
      case "text" -> Optional.of(Field.text(name, place, comment));
      case "int" -> Optional.of(Field.integer(name, place, comment));
      case "bigint" -> Optional.of(Field.bigint(name, place, comment));
      case "float" -> Optional.of(Field.decimalNumber(name, place, comment));
      case "double" -> Optional.of(Field.doubleNumber(name, place, comment));
      case "decimal" ->
          parts.group(3) == null
              ? Optional.empty()
              : Optional.of(
                  Field.decimal(
                      name,
                      place,
                      Integer.parseInt(parts.group(3)),
                      Integer.parseInt(parts.group(4)),
                      comment));
      case "boolean" -> Optional.of(Field.truth(name, place, comment));
      case "date" -> Optional.of(Field.date(name, place, comment));
      case "timestamp" -> Optional.of(Field.timestamp(name, place, comment));
      case "json" -> Optional.of(Field.json(name, place, comment));
      default -> Optional.empty();
    };
  }

  /** The type of a table's column, as Spark SQL writes it; empty for one that is none. */
  static Optional<String> sqlType(JsonNode node) {
    return field(((ObjectNode) node.deepCopy()).put("place", "none"))
        .map(field -> field.column().type());
  }
}
