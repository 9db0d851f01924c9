package io.github.kurrentlake.table;

import java.io.Serializable;

/**
 * A column of a declared table.
 *
 * @param name the column's name, snake case
 * @param type its type as Spark SQL writes it, such as {@code BIGINT}
 * @param nullable whether a row may have no value
 * @param generatedAs the expression Delta computes it from; an empty text for a column that is
 *     written
 * @param comment what is in it, with the unit where there is one
 * @param isPersonal whether it may hold what is about a person, which the table's comment on it
 *     says
 */
public record Column(
    String name,
    String type,
    boolean nullable,
    String generatedAs,
    String comment,
    boolean isPersonal)
    implements Serializable {

  /** A column whose value may be null. */
  public static Column optional(String name, String type, String comment) {
    return new Column(name, type, true, "", comment, false);
  }

  /** A column that every row has. */
  public static Column required(String name, String type, String comment) {
    return new Column(name, type, false, "", comment, false);
  }

  /** A column that Delta computes from others. */
  public static Column generated(String name, String type, String expression, String comment) {
    return new Column(name, type, true, expression, comment, false);
  }

  /** The same column, which may hold what is about a person. */
  public Column personal() {
    return new Column(name, type, nullable, generatedAs, comment, true);
  }

  String ddl() {
    return Sql.identifier(name)
        + " "
        + type
        + (nullable ? "" : " NOT NULL")
        + (generatedAs.isEmpty() ? "" : " GENERATED ALWAYS AS (%s)".formatted(generatedAs))
        + " COMMENT "
        + Sql.literal(isPersonal ? comment + " (personal data)" : comment);
  }
}
