package io.github.kurrentlake.maintain;

import java.util.Locale;

/**
 * What became of a table.
 *
 * @param table its name
 * @param version the number of its last commit afterwards
 * @param before its files before
 * @param after its files afterwards
 * @param action what was done
 * @param reason why that and no more
 */
public record Maintained(
    String table, long version, Layout before, Layout after, Action action, String reason) {

  /** What is done with a table. */
  public enum Action {
    /** Nothing. */
    NONE,
    /** Its files were put together, and none was removed. */
    OPTIMIZED,
    /**
     * Its files were put together, and those removed that no version within its retention needs.
     */
    OPTIMIZED_AND_VACUUMED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }
}
