package io.github.kurrentlake.lakebase.schema;

/**
 * A statement that brings a database nearer to what is declared.
 *
 * @param target what it makes or alters, for people
 * @param sql the whole statement
 */
public record Change(Kind kind, String target, String sql) {

  /** What a change does. */
  public enum Kind {
    CREATE_SCHEMA,
    CREATE_TABLE,
    ADD_COLUMN,
    COMMENT,
    /** Takes away what is left of an index whose making was broken off. */
    DROP_BROKEN_INDEX,
    CREATE_INDEX;

    /** Whether it can be one of several in a transaction. */
    boolean isTransactional() {
      return switch (this) {
        case CREATE_SCHEMA, CREATE_TABLE, ADD_COLUMN, COMMENT -> true;
        case DROP_BROKEN_INDEX, CREATE_INDEX -> false;
      };
    }
  }
}
