package io.github.kurrentlake.silver;

import io.github.kurrentlake.payload.Field;
import io.github.kurrentlake.payload.Rule;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;

/** The page {@code docs/projections.md}, made of a domain's declarations. */
public final class ProjectionPage {
  private static final String HEAD =
      """
      # Projections

      How events become rows of Silver. An event lands in its table, or in quarantine with a reason.
      This page is made from the declarations.

      | type | what is read |
      |---|---|
      """;

  private static final String RULES =
      """

      Every value may be a JSON value of its type or a text that holds one. A column may also be an ARRAY of
      one of these: a JSON array, of which each element is read in the same way and null stays null; one that
      does not fit makes the whole array a bad value. When a column has several
      places, the first that holds something counts, and an empty text only when no other does. Keys
      are read in exactly this case.

      | reason | when |
      |---|---|
      """;

  private ProjectionPage() {}

  public static String markdown(Collection<Projection> projections) {
    return HEAD
        + Arrays.stream(Field.Kind.values())
            .map(kind -> row(kind.columnType(), kind.formats()))
            .collect(Collectors.joining())
        + RULES
        + Arrays.stream(Rule.values())
            .map(rule -> row(rule.text(), rule.meaning()))
            .collect(Collectors.joining())
        + projections.stream().map(ProjectionPage::section).collect(Collectors.joining());
  }

  private static String section(Projection projection) {
    return "\n## %s\n\n%s. Events: %s.\n\n"
            .formatted(
                projection.table().qualifiedName(),
                projection.comment(),
                projection.eventTypes().stream()
                    .map(ProjectionPage::code)
                    .collect(Collectors.joining(", ")))
        + "| column | type | from | missing | bad value | personal | what it is |\n|---|---|---|---|---|---|---|\n"
        + projection.fields().stream()
            .map(
                field ->
                    row(
                        code(field.column().name()),
                        field.column().type(),
                        places(field),
                        ifMissing(field),
                        ifBad(field),
                        field.column().isPersonal() ? "yes" : "",
                        field.column().comment()))
            .collect(Collectors.joining());
  }

  private static String places(Field field) {
    var paths =
        field.paths().stream()
            .map(path -> code(String.join(".", path)))
            .collect(Collectors.joining(", "));
    return switch (field.fallback()) {
      case NOWHERE -> paths;
      case STREAM_NAME -> paths + ", the stream's name after the first '-'";
    };
  }

  private static String ifBad(Field field) {
    if (field.kind() == Field.Kind.TEXT && field.paths().stream().allMatch(p -> p.size() == 1)) {
      return "-";
    }
    return switch (field.ifBad()) {
      case NULL -> "null and a warning";
      case QUARANTINE -> "quarantine";
    };
  }

  private static String ifMissing(Field field) {
    return switch (field.ifMissing()) {
      case NULL -> "null";
      case QUARANTINE -> "quarantine";
    };
  }

  private static String code(String text) {
    return "`" + text + "`";
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }
}
