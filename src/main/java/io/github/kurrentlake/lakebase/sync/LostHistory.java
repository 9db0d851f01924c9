package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.table.ErrorCondition;
import java.io.FileNotFoundException;

/** Changes since a version that are no longer there, or unreadable. */
final class LostHistory {
  private LostHistory() {}

  static boolean isCauseOf(Throwable failure) {
    return Causes.include(failure, FileNotFoundException.class)
        || ErrorCondition.CHANGES_LOST.in(failure).isPresent();
  }
}
