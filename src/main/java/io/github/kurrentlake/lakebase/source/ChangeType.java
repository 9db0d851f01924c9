package io.github.kurrentlake.lakebase.source;

/** What {@code _pg_change_type} says. */
public final class ChangeType {
  public static final String INSERT = "insert";
  public static final String UPDATE = "update";

  /** An insert or an update: the mode cannot tell. */
  public static final String UPSERT = "upsert";

  /** The row is gone; it has the key and nothing else. */
  public static final String DELETE = "delete";

  private ChangeType() {}
}
