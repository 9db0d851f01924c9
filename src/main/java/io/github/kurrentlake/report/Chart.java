package io.github.kurrentlake.report;

import java.util.Locale;

/** The picture of a table; {@code page.js} draws it of the table's cells. */
public enum Chart {
  /** None. */
  NONE,
  /** A line for each column of numbers over the first column, a time. */
  LINE,
  /** A bar for each row: the first column names it, the second is its length. */
  BARS,
  /** A column for each time, which is the first column, of parts that the second names. */
  STACKED;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
