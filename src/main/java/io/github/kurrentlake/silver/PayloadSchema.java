package io.github.kurrentlake.silver;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The needed keys of a payload as one schema for {@code from_json}, every value as text: how a
 * value is read is decided afterwards, with the text at hand for a report.
 *
 * <p>Spark reads keys in their exact case, but finds columns in any case. So the parsed struct is
 * renamed by position to names of its own, and a payload may hold {@code UserID} beside {@code
 * UserId}.
 *
 * <p>The payload is parsed inside an object of ours that ends in a mark. Spark's parser stops where
 * the first value ends, and so takes {@code {"a":1}, "b":2}} for {@code {"a":1}}; here the mark is
 * then missing. It is not when keys follow that fit the outer object, as in {@code {"a":1},"b":2}.
 */
final class PayloadSchema {
  private static final String PAYLOAD = "payload";
  private static final String END = "end";
  private static final String CORRUPT = "corrupt";

  private static final Map<String, String> OPTIONS =
      Map.of(
          "mode", "PERMISSIVE",
          "columnNameOfCorruptRecord", CORRUPT,
          // Not JSON, and what such a text means is a guess.
          "allowSingleQuotes", "false");

  /** What stands below a key, by key and in the order of declaration; nothing below a value. */
  private record Node(Map<String, Node> below) {
    Node() {
      this(new LinkedHashMap<>());
    }

    Node at(List<String> path) {
      var node = this;
      for (var key : path) {
        node = node.below.computeIfAbsent(key, absent -> new Node());
      }
      return node;
    }

    int position(String key) {
      return List.copyOf(below.keySet()).indexOf(key);
    }
  }

  private final Node root = new Node();
  private final List<String> objects;

  PayloadSchema(List<Field> fields) {
    var paths = fields.stream().flatMap(field -> field.paths().stream()).toList();
    paths.forEach(root::at);
    for (var path : paths) {
      if (!root.at(path).below.isEmpty()) {
        throw new IllegalArgumentException(
            "a key cannot hold a value and an object: " + String.join(".", path));
      }
    }
    objects =
        paths.stream()
            .filter(path -> path.size() > 1)
            .map(path -> String.join(".", path.subList(0, path.size() - 1)))
            .distinct()
            .toList();
  }

  /** Where the payload holds objects, when it holds something there. */
  List<String> objects() {
    return objects;
  }

  /** A struct of the payload's values, the mark, and the text when something did not fit. */
  Column parse(Column data) {
    return parse(data, struct(root, Names.AS_THEY_ARE))
        .cast(
            new StructType()
                .add(PAYLOAD, struct(root, Names.BY_POSITION))
                .add(END, DataTypes.StringType)
                .add(CORRUPT, DataTypes.StringType));
  }

  /** The same with any JSON value as payload, as its JSON text. */
  static Column parseAnything(Column data) {
    return parse(data, DataTypes.StringType);
  }

  private static Column parse(Column data, DataType payload) {
    var wrapped =
        functions.concat(
            functions.lit("{\"" + PAYLOAD + "\":"), data, functions.lit(",\"" + END + "\":\"\"}"));
    var schema =
        new StructType()
            .add(PAYLOAD, payload)
            .add(END, DataTypes.StringType)
            .add(CORRUPT, DataTypes.StringType);
    return functions.from_json(wrapped, schema, OPTIONS);
  }

  /** Whether the column with the result of a parse holds a JSON value and nothing else. */
  static String isJson(String parsed) {
    return "(%1$s.%2$s IS NOT NULL AND %1$s.%3$s IS NULL)".formatted(parsed, END, CORRUPT);
  }

  /** The payload in the column with the result of a parse. */
  static String payload(String parsed) {
    return parsed + "." + PAYLOAD;
  }

  /** The value at a path, in the column with the result of {@link #parse(Column)}. */
  String value(String parsed, List<String> path) {
    var value = new StringBuilder(payload(parsed));
    var node = root;
    for (var key : path) {
      value.append('.').append(name(node.position(key)));
      node = node.below.get(key);
    }
    return value.toString();
  }

  private enum Names {
    AS_THEY_ARE,
    BY_POSITION
  }

  private static StructType struct(Node node, Names names) {
    var struct = new StructType();
    for (var key : node.below.keySet()) {
      var below = node.below.get(key);
      var name =
          switch (names) {
            case AS_THEY_ARE -> key;
            case BY_POSITION -> name(struct.size());
          };
      struct =
          struct.add(name, below.below.isEmpty() ? DataTypes.StringType : struct(below, names));
    }
    return struct;
  }

  private static String name(int position) {
    return "k" + position;
  }
}
