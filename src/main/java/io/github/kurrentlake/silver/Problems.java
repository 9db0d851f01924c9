package io.github.kurrentlake.silver;

import static io.github.kurrentlake.table.Sql.literal;

import java.util.ArrayList;
import java.util.List;

/** SQL that makes {@code errors} and {@code warnings}: a list of the problems that a row has. */
final class Problems {
  /** The type of a list of entries; {@code column} is null when the whole event is meant. */
  static final String TYPE =
      "ARRAY<STRUCT<column: STRING, rule: STRING, message: STRING, value: STRING>>";

  /** Enough to see what it is; the whole payload stands beside it. */
  private static final int VALUE_LENGTH = 200;

  private final List<String> conditions = new ArrayList<>();
  private final List<String> entries = new ArrayList<>();

  static String ofEvent(Rule rule) {
    return ofEvent(rule, rule.meaning());
  }

  static String ofEvent(Rule rule, String message) {
    return entry("CAST(NULL AS STRING)", rule, message, "data");
  }

  static String ofColumn(String column, Rule rule, String message, String value) {
    return entry(literal(column), rule, message, value);
  }

  static String none() {
    return "CAST(array() AS " + TYPE + ")";
  }

  static String noList() {
    return "CAST(NULL AS " + TYPE + ")";
  }

  void add(String condition, String entry) {
    conditions.add("(" + condition + ")");
    entries.add("IF(%s, array(%s), %s)".formatted(condition, entry, none()));
  }

  /**
   * The list; the other one when no condition holds, which nearly always is all there is to do.
   * Functions with lambdas would keep Spark from compiling the whole step.
   */
  String list(String otherwise) {
    return conditions.isEmpty()
        ? otherwise
        : "IF(%s, concat(%s), %s)"
            .formatted(String.join(" OR ", conditions), String.join(", ", entries), otherwise);
  }

  private static String entry(String column, Rule rule, String message, String value) {
    return "named_struct('column', %s, 'rule', %s, 'message', %s, 'value', substring(%s, 1, %d))"
        .formatted(column, literal(rule.text()), literal(message), value, VALUE_LENGTH);
  }
}
