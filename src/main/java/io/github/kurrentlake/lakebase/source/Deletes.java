package io.github.kurrentlake.lakebase.source;

import java.util.Arrays;
import java.util.Locale;

/** Where the modes XMIN and XID8, to which a deleted row is invisible, learn of deletions. */
public enum Deletes {
  /** Nowhere. */
  IGNORED,
  /** From the table that a trigger fills; see {@link ChangeTracking#keepTombstones}. */
  TOMBSTONES;

  static Deletes parse(String text) {
    return Arrays.stream(values())
        .filter(deletes -> deletes.name().equals(text.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("one of " + Arrays.toString(values())));
  }
}
