package io.github.kurrentlake.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.serialization.DefaultNodeReader;
import com.networknt.schema.serialization.NodeReader;
import com.networknt.schema.serialization.node.LocationJsonNodeFactoryFactory;
import com.networknt.schema.utils.JsonNodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/** A YAML file as a tree that knows its lines, checked by the schema. */
final class Yaml {
  /** The resource beside this class. */
  static final String SCHEMA = "pipeline.schema.json";

  private static final NodeReader READER =
      DefaultNodeReader.builder()
          .jsonNodeFactoryFactory(LocationJsonNodeFactoryFactory.getInstance())
          .build();

  private Yaml() {}

  /** The tree; a missing node when there is none, which the faults say. */
  static JsonNode read(String text, Faults faults) {
    try {
      var root = READER.readTree(text, InputFormat.YAML);
      if (root == null || !root.isObject()) {
        faults.add(1, "the file is not a mapping of keys to values");
        return MissingNode.getInstance();
      }
      for (var error : schema().validate(root)) {
        faults.add(line(error, root), message(error));
      }
      return root;
    } catch (IllegalArgumentException e) {
      // So the reader wraps what Jackson says.
      if (!(e.getCause() instanceof JsonProcessingException broken)) {
        throw e;
      }
      var location = broken.getLocation();
      faults.add(
          location == null ? 1 : location.getLineNr(),
          "not YAML: " + broken.getOriginalMessage().replaceAll("\\s+", " "));
      return MissingNode.getInstance();
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private static Schema schema() {
    try (var stream = Yaml.class.getResourceAsStream(SCHEMA)) {
      var config =
          SchemaRegistryConfig.builder().errorMessageKeyword("message").locale(Locale.ROOT).build();
      return SchemaRegistry.withDefaultDialect(
              SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaRegistryConfig(config))
          .getSchema(stream, InputFormat.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode where(Error error, JsonNode root) {
    var node = error.getInstanceNode();
    if (node == null) {
      return root;
    }
    var property = error.getProperty();
    return property != null && node.has(property) ? node.get(property) : node;
  }

  private static int line(Error error, JsonNode root) {
    var location = JsonNodes.tokenStreamLocationOf(where(error, root));
    return location == null ? 1 : location.getLineNr();
  }

  private static String message(Error error) {
    var path = error.getInstanceLocation().toString();
    return path.isEmpty() ? error.getMessage() : path + ": " + error.getMessage();
  }
}
