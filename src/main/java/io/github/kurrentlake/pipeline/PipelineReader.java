package io.github.kurrentlake.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.gold.GoldTable;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.gold.Lives;
import io.github.kurrentlake.gold.Pipeline;
import io.github.kurrentlake.payload.ElementsReader;
import io.github.kurrentlake.payload.Field;
import io.github.kurrentlake.payload.PayloadReader;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.table.SqlTemplate;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Makes a pipeline of its declaration, and finds all that is wrong about it before it fails. */
final class PipelineReader {
  /** What SQL reads; any other placeholder is a file beside. */
  private static final Set<String> RELATIONS = Set.of("latest", "events", "so_far", "bronze");

  private final Function<String, Optional<String>> files;
  private final String file;
  private final Faults faults;

  /**
   * A reader of one declaration.
   *
   * @param file how errors name it
   * @param files the texts of the folder's files by their names
   */
  PipelineReader(String file, Function<String, Optional<String>> files) {
    this.file = file;
    this.files = files;
    this.faults = new Faults(file);
  }

  Pipeline read() {
    var text =
        files
            .apply(PipelineFolder.FILE)
            .orElseThrow(() -> ErrorCode.UNREADABLE_FILE.error().with("file", file));
    var root = Yaml.read(text, faults);
    var category = root.path("category").asText();
    var projections = projections(root.path("projections"));
    var zone = zone(root.path("zone"));
    var lives = lives(root.path("lives"));
    var gold = gold(root, category, projections);
    faults.check();
    return new Pipeline(
        root.path("name").asText(), zone, new Lifecycle(category, projections, lives, gold));
  }

  private List<Projection> projections(JsonNode nodes) {
    var projections = new ArrayList<Projection>();
    var tables = new HashSet<String>();
    for (var node : nodes) {
      var projection = projection(node);
      if (!tables.add(projection.name())) {
        faults.add(node.path("table"), "two projections have the table " + projection.name());
      }
      projections.add(projection);
    }
    if (!projections.isEmpty() && projections.stream().allMatch(Projection::isExploding)) {
      faults.add(nodes, "at least one projection has a row per event, without explode");
    }
    return projections;
  }

  private Projection projection(JsonNode node) {
    var types = texts(node.path("events"));
    var array = node.path("explode").asText();
    var exploded = array.isEmpty() ? List.<String>of() : Field.keys(array);
    var columns = new SilverColumns(faults, !exploded.isEmpty()).read(node.path("columns"));
    var comment =
        node.path("comment")
            .asText(
                types.size() == 1
                    ? "One row per %s event".formatted(types.get(0))
                    : "One row per event; schema_name says which");
    var share = node.path("fail_above").asDouble(1);
    var projection =
        new Projection(
            node.path("table").asText(),
            comment,
            Optional.empty(),
            types,
            columns,
            exploded,
            share >= 0 && share <= 1 ? share : 1);
    try {
      if (exploded.isEmpty()) {
        new PayloadReader(columns, ZoneOffset.UTC);
      } else {
        new ElementsReader(columns, exploded, ZoneOffset.UTC);
      }
    } catch (IllegalArgumentException e) {
      faults.add(node.path("columns"), e.getMessage());
    }
    return projection;
  }

  private ZoneId zone(JsonNode node) {
    try {
      return ZoneId.of(node.asText("UTC"));
    } catch (DateTimeException e) {
      faults.add(node, "not a zone such as Europe/Berlin, UTC or +02:00: " + node.asText());
      return ZoneOffset.UTC;
    }
  }

  private static Lives lives(JsonNode node) {
    return new Lives(Set.copyOf(texts(node.path("begin"))), Set.copyOf(texts(node.path("end"))));
  }

  private List<GoldTable> gold(JsonNode root, String category, List<Projection> projections) {
    if (root.path("gold").isEmpty()) {
      return List.of(
          DerivedGold.of(root.path("name").asText(), Optional.empty(), category, projections));
    }
    var tables = new ArrayList<GoldTable>();
    var names = new HashSet<String>();
    for (var node : root.path("gold")) {
      var name = node.path("table").asText();
      if (!names.add(name)) {
        faults.add(node.path("table"), "two tables of Gold have the name " + name);
      }
      var comment = Optional.ofNullable(node.path("comment").textValue());
      if (node.has("sql")) {
        var select = select(node.path("sql"));
        new GoldColumns(faults, projections)
            .read(node)
            .ifPresent(
                declared -> tables.add(new GoldTable(declared.table(), select, declared.first())));
      } else {
        tables.add(DerivedGold.of(name, comment, category, projections));
      }
    }
    if (!tables.isEmpty() && !tables.get(0).table().key().equals(List.of("stream"))) {
      faults.add(
          root.path("gold").get(0),
          "the first table of Gold has one row per stream: its key is it");
    }
    return tables;
  }

  /** The query of a file, with the files that it names in their places. */
  private SqlTemplate select(JsonNode node) {
    var name = node.asText();
    var text = files.apply(name);
    if (text.isEmpty()) {
      faults.add(node, "there is no file " + name + " beside");
      return new SqlTemplate("");
    }
    var template = new SqlTemplate(text.get());
    for (var placeholder : new LinkedHashSet<>(template.placeholders())) {
      if (!RELATIONS.contains(placeholder)) {
        var part = files.apply(placeholder + ".sql");
        if (part.isPresent()) {
          template = template.with(placeholder, new SqlTemplate(part.get()));
        } else {
          faults.add(
              node,
              "%s names ${%s}, which is none of %s and no file %s.sql beside"
                  .formatted(
                      name,
                      placeholder,
                      RELATIONS.stream()
                          .sorted()
                          .map("${%s}"::formatted)
                          .collect(Collectors.joining(", ")),
                      placeholder));
        }
      }
    }
    return template;
  }

  static List<String> texts(JsonNode nodes) {
    return StreamSupport.stream(nodes.spliterator(), false).map(JsonNode::asText).toList();
  }
}
