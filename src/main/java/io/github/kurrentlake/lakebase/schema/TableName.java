package io.github.kurrentlake.lakebase.schema;

import io.github.kurrentlake.error.ErrorCode;
import java.io.Serializable;

/** The name of a table with that of its schema. */
public record TableName(Identifier schema, Identifier table) implements Serializable {

  public static TableName of(String schema, String table) {
    return new TableName(Identifier.of(schema), Identifier.of(table));
  }

  /**
   * Reads {@code schema.table}, or {@code table} in {@code public}. Names that hold a dot
   * themselves are for {@link #of}.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-610 for more than one dot
   */
  public static TableName parse(String text) {
    var parts = text.split("\\.", -1);
    return switch (parts.length) {
      case 1 -> of("public", parts[0]);
      case 2 -> of(parts[0], parts[1]);
      default ->
          throw ErrorCode.BAD_IDENTIFIER
              .error()
              .with("name", text)
              .with("reason", "it has more than one dot");
    };
  }

  /** The name as it stands in a statement. */
  public String sql() {
    return schema.sql() + "." + table.sql();
  }

  @Override
  public String toString() {
    return schema + "." + table;
  }
}
