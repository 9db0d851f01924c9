package io.github.kurrentlake.lakebase.schema;

/** The one place where texts are quoted for Postgres, where a statement cannot have parameters. */
public final class Literal {
  private Literal() {}

  /** A text in quotes; means itself whatever {@code standard_conforming_strings} is. */
  public static String of(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a text of Postgres holds no NUL");
    }
    var quoted = "'" + text.replace("'", "''") + "'";
    return text.indexOf('\\') < 0 ? quoted : "E" + quoted.replace("\\", "\\\\");
  }
}
