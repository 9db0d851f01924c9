package io.github.kurrentlake.draft;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A draft as the files of a pipeline's folder. */
public final class DraftFiles {
  /** What YAML takes for a text as it stands; it has words for true, false and null. */
  private static final Pattern PLAIN =
      Pattern.compile("(?i)(?!(true|false|yes|no|on|off|y|n|null)$)[a-z_][a-z0-9_.]*");

  private DraftFiles() {}

  /** The {@code pipeline.yaml}. */
  public static String yaml(Draft draft) {
    return """
        # yaml-language-server: $schema=pipeline.schema.json
        # What the events of %s looked like to kurrentlake init. Every key is explained in
        # docs/pipelines.md; edit it, and see what that means with kurrentlake plan.
        name: %s
        category: %s

        projections:
        %sgold:
          - table: %s_state
            comment: %s
        """
        .formatted(
            draft.category(),
            quoted(draft.name()),
            quoted(draft.category()),
            draft.projections().stream().map(DraftFiles::yaml).collect(Collectors.joining()),
            draft.name(),
            quoted("One row per stream of %s, its state now".formatted(draft.category())));
  }

  /** A projection as a pipeline lists them. */
  static String yaml(DraftProjection projection) {
    return """
          - table: %s
            comment: %s
            events: [%s]%s
            columns:%s
        %s
        """
        .formatted(
            quoted(projection.table()),
            quoted(
                "One row per %s%s event"
                    .formatted(
                        projection.exploded().isEmpty()
                            ? ""
                            : "element of %s in an ".formatted(projection.exploded()),
                        projection.type().schemaName())),
            quoted(projection.type().schemaName()),
            projection.exploded().isEmpty()
                ? ""
                : "\n    explode: " + quoted(projection.exploded()),
            projection.columns().isEmpty() ? " []" : "",
            yaml(projection.columns()));
  }

  /** Columns as a projection lists them. */
  static String yaml(List<DraftColumn> columns) {
    return columns.stream().map(DraftFiles::yaml).collect(Collectors.joining());
  }

  private static String yaml(DraftColumn column) {
    var text = new StringBuilder();
    if (!column.doubt().isEmpty()) {
      text.append("      # Look at this: ").append(column.doubt()).append(".\n");
    }
    text.append("      - name: ").append(quoted(column.name())).append('\n');
    text.append("        type: ").append(column.type()).append('\n');
    text.append("        place: ").append(quoted(column.places().get(0))).append('\n');
    if (column.places().size() > 1) {
      text.append("        older_places: ")
          .append(
              column.places().stream()
                  .skip(1)
                  .map(DraftFiles::quoted)
                  .collect(Collectors.joining(", ", "[", "]")))
          .append('\n');
    }
    if (column.isRequired()) {
      text.append("        required: true\n");
    }
    if (column.isPersonal()) {
      text.append("        personal: true\n");
    }
    return text.toString();
  }

  /** The page about it: what was seen, and what was uncertain. */
  public static String page(Draft draft, String endpoint) {
    var text =
        new StringBuilder(
            """
            # The pipeline %s

            Made of the events of `%s` at %s. A type is suggested when every value that was read is one; look at
            the columns with a remark before the first run.

            | event type | events | read | no JSON object | table |
            |---|---|---|---|---|
            """
                .formatted(draft.name(), draft.category(), endpoint));
    for (var projection : draft.projections()) {
      text.append(
          "| `%s` | %,d | %,d | %,d | `silver.%s` |%n"
              .formatted(
                  projection.type().schemaName(),
                  projection.type().events(),
                  projection.sampled(),
                  projection.unreadable(),
                  projection.table()));
    }
    for (var projection : draft.projections()) {
      text.append(
          """

          ## silver.%s

          | column | type | from | present | remark |
          |---|---|---|---|---|
          """
              .formatted(projection.table()));
      for (var column : projection.columns()) {
        text.append(
            "| `%s` | %s | %s | %.0f %% | %s |%n"
                .formatted(
                    column.name(),
                    column.type(),
                    column.places().stream()
                        .map(place -> "`" + place + "`")
                        .collect(Collectors.joining(", ")),
                    column.present() * 100,
                    remark(column)));
      }
    }
    return text.toString();
  }

  private static String remark(DraftColumn column) {
    var remarks =
        List.of(
            column.doubt(),
            column.isRequired() ? "required: in every event that was read" : "",
            column.isPersonal() ? "personal by its name" : "");
    return remarks.stream().filter(one -> !one.isEmpty()).collect(Collectors.joining("; "));
  }

  static String quoted(String text) {
    return PLAIN.matcher(text).matches()
        ? text
        : '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
