package io.github.kurrentlake.table;

/** The two kinds of Delta that differ in what their DDL says. */
public enum Dialect {
  /** Unity Catalog: knows primary keys, which its optimizer relies on. */
  DATABRICKS,
  /** Open-source Delta: has no primary keys. */
  OPEN_SOURCE;

  /** What the cluster that this JVM belongs to speaks. */
  static Dialect ofThisMachine() {
    return System.getenv("DATABRICKS_RUNTIME_VERSION") == null ? OPEN_SOURCE : DATABRICKS;
  }
}
