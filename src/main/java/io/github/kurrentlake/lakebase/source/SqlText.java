package io.github.kurrentlake.lakebase.source;

/** Texts in statements that take no parameters, such as COPY. */
final class SqlText {
  private SqlText() {}

  /** A text in quotes; the session takes backslashes as they are. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** A name in quotes; Postgres gave it, so it is one. */
  static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
