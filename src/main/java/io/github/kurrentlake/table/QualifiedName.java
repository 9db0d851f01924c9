package io.github.kurrentlake.table;

/**
 * A table's name in a lakehouse.
 *
 * @param schema {@code bronze}, {@code silver}, {@code gold}, {@code ops} or one of the user's
 * @param table the name in it
 */
public record QualifiedName(String schema, String table) {

  /**
   * Reads {@code schema.table}.
   *
   * @throws IllegalArgumentException with what is expected
   */
  public static QualifiedName parse(String text) {
    var parts = text.split("\\.", -1);
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new IllegalArgumentException("SCHEMA.TABLE");
    }
    return new QualifiedName(parts[0], parts[1]);
  }

  /** {@code schema.table}. */
  @Override
  public String toString() {
    return schema + "." + table;
  }
}
