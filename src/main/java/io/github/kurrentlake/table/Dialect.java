package io.github.kurrentlake.table;

/** The two kinds of Delta that differ in what their DDL says. */
public enum Dialect {
  /** Unity Catalog: knows primary keys, which its optimizer relies on. */
  DATABRICKS,
  /** Open-source Delta: has no primary keys. */
  OPEN_SOURCE
}
