package io.github.kurrentlake.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;

/**
 * The bundle of {@code databricks.yml} as the CLI puts it together: the files it includes, a target
 * over them, and every variable in its place.
 */
final class Bundle {
  static final Path FILE = Path.of("databricks.yml");

  /** By these the CLI finds the same element of a list in a target and below it. */
  private static final List<String> KEYS = List.of("task_key", "job_cluster_key", "name");

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]+)}");

  private final JsonNode root;

  private Bundle(JsonNode root) {
    this.root = root;
  }

  static Bundle read() {
    return read(FILE);
  }

  static Bundle read(Path bundle) {
    var root = yaml(bundle);
    for (var pattern : root.path("include")) {
      for (var file : included(pattern.textValue())) {
        root = merged(root, yaml(file));
      }
    }
    return new Bundle(root);
  }

  /** Jackson's own reader knows no anchors. */
  static JsonNode yaml(Path file) {
    try {
      return new ObjectMapper().valueToTree(new Yaml().<Object>load(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Path> included(String pattern) {
    var path = Path.of(pattern);
    try (var found = Files.newDirectoryStream(path.getParent(), path.getFileName().toString())) {
      var files = new ArrayList<Path>();
      found.forEach(files::add);
      return files.stream().sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything, as it is written. */
  JsonNode root() {
    return root;
  }

  /**
   * What is deployed to a target.
   *
   * @param given values as {@code --var} gives them
   * @throws IllegalArgumentException for a variable that has no value or is not declared
   */
  JsonNode target(String name, Map<String, String> given) {
    var target = (ObjectNode) root.at("/targets/" + name).deepCopy();
    var values = new HashMap<String, String>();
    values.put("bundle.name", root.at("/bundle/name").textValue());
    values.put("bundle.target", name);
    values.put("workspace.file_path", "/Workspace/Users/ann.smith@example.com/files");
    values.put("workspace.current_user.userName", "ann.smith@example.com");
    values.put("workspace.current_user.short_name", "ann_smith");
    var declared = root.path("variables");
    declared
        .fieldNames()
        .forEachRemaining(
            variable ->
                Optional.ofNullable(given.get(variable))
                    .or(() -> text(target.at("/variables/" + variable)))
                    .or(() -> text(declared.at("/" + variable + "/default")))
                    .ifPresent(value -> values.put("var." + variable, value)));
    target.remove(List.of("mode", "default", "variables"));
    var below = (ObjectNode) root.deepCopy();
    below.remove(List.of("targets", "variables"));
    return resolved(merged(below, target), values);
  }

  private static Optional<String> text(JsonNode value) {
    return Optional.ofNullable(value.textValue());
  }

  private static JsonNode merged(JsonNode below, JsonNode above) {
    if (below instanceof ObjectNode into && above instanceof ObjectNode from) {
      var both = into.deepCopy();
      from.properties()
          .forEach(
              field ->
                  both.set(
                      field.getKey(),
                      both.has(field.getKey())
                          ? merged(both.get(field.getKey()), field.getValue())
                          : field.getValue()));
      return both;
    }
    if (below instanceof ArrayNode into && above instanceof ArrayNode from) {
      var both = into.deepCopy();
      from.forEach(element -> add(both, element));
      return both;
    }
    return above;
  }

  private static void add(ArrayNode list, JsonNode element) {
    for (var i = 0; i < list.size(); i++) {
      for (var key : KEYS) {
        if (element.has(key) && element.get(key).equals(list.get(i).path(key))) {
          list.set(i, merged(list.get(i), element));
          return;
        }
      }
    }
    list.add(element);
  }

  private static JsonNode resolved(JsonNode node, Map<String, String> values) {
    if (node instanceof ObjectNode object) {
      object.properties().forEach(field -> field.setValue(resolved(field.getValue(), values)));
    } else if (node instanceof ArrayNode array) {
      for (var i = 0; i < array.size(); i++) {
        array.set(i, resolved(array.get(i), values));
      }
    } else if (node.isTextual()) {
      return TextNode.valueOf(resolved(node.textValue(), values));
    }
    return node;
  }

  private static String resolved(String text, Map<String, String> values) {
    return VARIABLE
        .matcher(text)
        .replaceAll(
            match -> {
              var value = values.get(match.group(1));
              if (value == null) {
                throw new IllegalArgumentException("no value for " + match.group() + " in " + text);
              }
              return Matcher.quoteReplacement(resolved(value, values));
            });
  }
}
