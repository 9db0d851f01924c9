package io.github.kurrentlake.lakebase.schema;

/**
 * A column of a Postgres table.
 *
 * @param nullable whether a row may have no value
 * @param comment what is in it, with the unit where there is one; may be empty
 */
public record PgColumn(
    Identifier name, PgType type, boolean nullable, PgDefault otherwise, String comment) {

  /** A column whose value may be null. */
  public static PgColumn optional(String name, PgType type) {
    return new PgColumn(Identifier.of(name), type, true, PgDefault.Expression.NONE, "");
  }

  /** A column that every row has. */
  public static PgColumn required(String name, PgType type) {
    return new PgColumn(Identifier.of(name), type, false, PgDefault.Expression.NONE, "");
  }

  /** A number that Postgres counts up for every new row. */
  public static PgColumn identity(String name) {
    return required(name, PgType.BIGINT).otherwise(PgDefault.Expression.IDENTITY);
  }

  /** The same column with a default. */
  public PgColumn otherwise(PgDefault value) {
    return new PgColumn(name, type, nullable, value, comment);
  }

  public PgColumn comment(String text) {
    return new PgColumn(name, type, nullable, otherwise, text);
  }

  /** The column as it stands in CREATE TABLE and ADD COLUMN. */
  String sql() {
    return name.sql() + " " + type.sql() + (nullable ? "" : " NOT NULL") + otherwise.sql();
  }
}
