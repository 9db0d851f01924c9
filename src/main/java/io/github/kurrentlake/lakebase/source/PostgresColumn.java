package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.lakebase.schema.Literal;
import java.io.Serializable;

/**
 * A column of a table in Postgres.
 *
 * @param name exactly as Postgres has it
 * @param shown its name in Spark
 * @param type what it becomes
 * @param postgres its type as Postgres writes it, such as {@code numeric(10,2)}
 * @param nullable whether a row may have no value
 * @param large whether Postgres may keep a value outside of the row
 * @param generated whether Postgres computes the value from the row's other columns
 */
record PostgresColumn(
    String name,
    String shown,
    ColumnType type,
    String postgres,
    boolean nullable,
    boolean large,
    boolean generated)
    implements Serializable {

  /** The column in quotes. */
  String sql() {
    return Identifier.of(name).sql();
  }

  /** A value of this column in a statement. */
  String literal(String text) {
    return Literal.of(text) + "::" + postgres;
  }

  /** The exact text of a value of this column. */
  String text(String expression) {
    return type.kind() == ColumnType.Kind.ADDRESS ? type.select(expression) : expression + "::text";
  }
}
