package io.github.kurrentlake.table;

import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;

/** The one place where identifiers and texts are quoted for Spark SQL. */
public final class Sql {
  private Sql() {}

  /** One part of a name in back-ticks. */
  public static String identifier(String part) {
    if (part.isEmpty()) {
      throw new IllegalArgumentException("an identifier must not be empty");
    }
    return "`" + part.replace("`", "``") + "`";
  }

  /** A name of several parts, each in back-ticks. */
  public static String name(String... parts) {
    return Arrays.stream(parts).map(Sql::identifier).collect(Collectors.joining("."));
  }

  /** Names in back-ticks with commas between. */
  public static String list(Collection<String> names) {
    return list(names, "");
  }

  /** The same, each behind a prefix such as {@code "arrived."}. */
  public static String list(Collection<String> names, String prefix) {
    return names.stream().map(name -> prefix + identifier(name)).collect(Collectors.joining(", "));
  }

  /** A text in quotes; Spark's own escapes in it mean themselves. */
  public static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
