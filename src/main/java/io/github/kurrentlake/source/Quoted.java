package io.github.kurrentlake.source;

/** The only places where a name or a text becomes part of a statement for KurrentDB. */
final class Quoted {
  private Quoted() {}

  static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** DuckDB knows no escape in a plain literal but the doubled quote. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
