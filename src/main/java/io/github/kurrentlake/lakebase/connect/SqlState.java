package io.github.kurrentlake.lakebase.connect;

import java.sql.SQLException;

/** The SQLSTATEs of Postgres that something is done about. */
public final class SqlState {
  public static final String REJECTED = "08004";
  public static final String INVALID_PASSWORD = "28P01";
  public static final String NO_SUCH_DATABASE = "3D000";
  public static final String NO_PRIVILEGE = "42501";
  public static final String NOT_NULL = "23502";
  public static final String FOREIGN_KEY = "23503";
  public static final String UNIQUE = "23505";
  public static final String CHECK = "23514";
  public static final String EXCLUSION = "23P01";
  public static final String DEPENDENTS = "2BP01";
  public static final String SERIALIZATION = "40001";
  public static final String DEADLOCK = "40P01";
  public static final String LOCK_NOT_AVAILABLE = "55P03";
  public static final String DUPLICATE_SCHEMA = "42P06";
  public static final String DUPLICATE_TABLE = "42P07";
  public static final String DUPLICATE_COLUMN = "42701";
  public static final String DUPLICATE_OBJECT = "42710";

  private SqlState() {}

  /** The SQLSTATE of an error, or the empty text. */
  public static String of(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }
}
