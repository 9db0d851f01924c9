package io.github.kurrentlake.lakebase.sync;

import io.github.kurrentlake.error.Causes;
import java.io.FileNotFoundException;
import java.util.Set;
import org.apache.spark.SparkThrowable;

/** What Delta and Spark say when the changes since a version are no longer there, or unreadable. */
final class LostHistory {
  private static final Set<String> CONDITIONS =
      Set.of(
          // The log or the files of the first version were cleaned up.
          "DELTA_VERSION_NOT_FOUND",
          "DELTA_VERSIONS_NOT_CONTIGUOUS",
          "DELTA_CANNOT_RESTORE_TABLE_VERSION",
          "DELTA_NO_RECREATABLE_HISTORY_FOUND",
          "DELTA_TRUNCATED_TRANSACTION_LOG",
          "DELTA_LOG_FILE_NOT_FOUND",
          "DELTA_CHANGE_DATA_FILE_NOT_FOUND",
          "DELTA_FILE_NOT_FOUND_DETAILED",
          "FAILED_READ_FILE.FILE_NOT_EXIST",
          // The feed was switched on later than that, or off for a while.
          "DELTA_MISSING_CHANGE_DATA",
          // A change of columns that one schema cannot show.
          "DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_DATA_SCHEMA",
          "DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_SCHEMA_CHANGE");

  private LostHistory() {}

  static boolean isCauseOf(Throwable failure) {
    return Causes.of(failure)
        .anyMatch(
            cause ->
                cause instanceof FileNotFoundException
                    || (cause instanceof SparkThrowable known
                        && CONDITIONS.contains(known.getCondition())));
  }
}
