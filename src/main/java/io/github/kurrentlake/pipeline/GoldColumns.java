package io.github.kurrentlake.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A Gold table whose SQL is given. */
final class GoldColumns {
  private final Faults faults;
  private final List<Projection> projections;
  private final Map<String, Column> known = new LinkedHashMap<>();

  /**
   * What is declared about a table.
   *
   * @param first the column with the position of the stream's first event; empty when there is none
   */
  record Declared(TableDeclaration table, String first) {}

  GoldColumns(Faults faults, List<Projection> projections) {
    this.faults = faults;
    this.projections = projections;
    Lifecycle.ofLatest().forEach(column -> known.put(column.name(), column));
    projections.stream()
        .flatMap(projection -> projection.fields().stream())
        .forEach(field -> known.putIfAbsent(field.column().name(), field.column()));
  }

  /** The table; empty when it cannot be made, which the faults say. */
  Optional<Declared> read(JsonNode node) {
    var columns = columns(node.path("columns"));
    var names = columns.stream().map(Column::name).toList();
    names.stream()
        .filter(name -> names.indexOf(name) != names.lastIndexOf(name))
        .distinct()
        .forEach(name -> faults.add(node.path("columns"), "two columns have the name " + name));
    var key = node.has("key") ? PipelineReader.texts(node.path("key")) : List.of("stream");
    if (!key.contains("stream")) {
      faults.add(node.path("key"), "the key has no stream in it");
    }
    var first =
        node.path("first_position")
            .asText(names.contains(Lifecycle.FIRST_POSITION) ? Lifecycle.FIRST_POSITION : "");
    require(node, "key", key, names);
    require(node, "first_position", first.isEmpty() ? List.of() : List.of(first), names);
    var statistics = PipelineReader.texts(node.path("statistics"));
    require(node, "statistics", statistics, names);
    if (!faults.isEmpty()) {
      return Optional.empty();
    }
    var table =
        Lifecycle.goldTable(
            node.path("table").asText(),
            node.path("comment").asText("Made by its SQL"),
            columns,
            key);
    return Optional.of(
        new Declared(
            statistics.isEmpty() ? table : table.statisticsOf(statistics.toArray(String[]::new)),
            first));
  }

  private void require(JsonNode node, String of, List<String> wanted, List<String> names) {
    wanted.stream()
        .filter(name -> !names.contains(name))
        .forEach(
            name ->
                faults.add(
                    node.has(of) ? node.path(of) : node, of + ": there is no column " + name));
  }

  private List<Column> columns(JsonNode nodes) {
    var columns = new ArrayList<Column>();
    for (var node : nodes) {
      if (node.has("all_of")) {
        columns.addAll(allOf(node.path("all_of")));
      } else {
        column(node).ifPresent(columns::add);
      }
    }
    return columns;
  }

  private List<Column> allOf(JsonNode node) {
    var found = projections.stream().filter(one -> one.name().equals(node.asText())).findFirst();
    if (found.isEmpty()) {
      faults.add(
          node,
          "no projection has the table %s, only %s"
              .formatted(
                  node.asText(),
                  projections.stream().map(Projection::name).collect(Collectors.joining(", "))));
      return List.of();
    }
    return found.get().fields().stream().map(field -> field.column()).toList();
  }

  private Optional<Column> column(JsonNode node) {
    var name = node.path("name").asText();
    var isRequired = node.path("required").asBoolean();
    if (node.has("type")) {
      return SilverColumns.sqlType(node)
          .map(
              type ->
                  marked(
                      new Column(name, type, !isRequired, "", node.path("comment").asText(), false),
                      node));
    }
    var column = Optional.ofNullable(known.get(name));
    if (column.isEmpty()) {
      faults.add(node, "the column " + name + " needs a type: no projection has it");
    }
    return column.map(
        one ->
            marked(
                new Column(
                    name,
                    one.type(),
                    one.nullable() && !isRequired,
                    "",
                    node.path("comment").asText(one.comment()),
                    one.isPersonal()),
                node));
  }

  private static Column marked(Column column, JsonNode node) {
    return node.path("personal").asBoolean() ? column.personal() : column;
  }
}
