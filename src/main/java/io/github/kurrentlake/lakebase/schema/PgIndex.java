package io.github.kurrentlake.lakebase.schema;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * An index of a Postgres table. It is made while others write to the table.
 *
 * @param name unique in the table's schema
 * @param columns in their order
 */
public record PgIndex(Identifier name, List<Identifier> columns, Kind kind, Method method) {

  /** Whether two rows may have the same values. */
  public enum Kind {
    PLAIN,
    UNIQUE
  }

  /** How Postgres searches. */
  public enum Method {
    BTREE,
    HASH,
    GIN,
    GIST,
    BRIN;

    String sql() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public PgIndex {
    columns = List.copyOf(columns);
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("an index has at least one column");
    }
  }

  public static PgIndex on(String name, String... columns) {
    var identifiers = Arrays.stream(columns).map(Identifier::of).toList();
    return new PgIndex(Identifier.of(name), identifiers, Kind.PLAIN, Method.BTREE);
  }

  public PgIndex unique() {
    return new PgIndex(name, columns, Kind.UNIQUE, method);
  }

  public PgIndex using(Method other) {
    return new PgIndex(name, columns, kind, other);
  }

  String sql(TableName table) {
    return "CREATE %sINDEX CONCURRENTLY %s ON %s USING %s (%s)"
        .formatted(
            switch (kind) {
              case PLAIN -> "";
              case UNIQUE -> "UNIQUE ";
            },
            name.sql(),
            table.sql(),
            method.sql(),
            columns.stream().map(Identifier::sql).collect(Collectors.joining(", ")));
  }
}
