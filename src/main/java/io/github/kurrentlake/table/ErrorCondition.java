package io.github.kurrentlake.table;

import io.github.kurrentlake.error.Causes;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.SparkThrowable;

/**
 * What failures of Spark and Delta mean to us, by the names of their error conditions: those stay
 * when a text or a class changes.
 */
public final class ErrorCondition {
  /** A checkpoint belongs to a table or a version that is gone. */
  static final ErrorCondition CHECKPOINT_LOST =
      new ErrorCondition(
          "DIFFERENT_DELTA_TABLE_READ_BY_STREAMING_SOURCE",
          "DELTA_VERSION_NOT_FOUND",
          "DELTA_MISSING_FILES_UNEXPECTED_VERSION",
          "DELTA_MISSING_CHANGE_DATA",
          // A data file that VACUUM removed, as Spark and as Databricks says it.
          "FAILED_READ_FILE.FILE_NOT_EXIST",
          "FAILED_READ_FILE.DBR_FILE_NOT_EXIST");

  /** The changes since a version are no longer there, or unreadable. */
  public static final ErrorCondition CHANGES_LOST =
      new ErrorCondition(
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

  /** The log of a table cannot be read. */
  static final ErrorCondition TABLE_LOG_DAMAGED =
      new ErrorCondition(
          "DELTA_VERSIONS_NOT_CONTIGUOUS",
          "DELTA_MISSING_PART_FILES",
          "DELTA_TRUNCATED_TRANSACTION_LOG",
          "DELTA_LOG_FILE_NOT_FOUND",
          "DELTA_STATE_RECOVER_ERROR",
          "DELTA_NO_RECREATABLE_HISTORY_FOUND");

  /** The log of a stream holds what its last run did not write. */
  static final ErrorCondition STREAM_LOG_CHANGED =
      new ErrorCondition("CONCURRENT_STREAM_LOG_UPDATE");

  /** Another process has begun to make the same table. */
  static final ErrorCondition TABLE_BEGUN =
      new ErrorCondition("DELTA_CREATE_TABLE_WITH_NON_EMPTY_LOCATION");

  /** A table cannot do what it is asked for. */
  static final ErrorCondition OPERATION_UNSUPPORTED =
      new ErrorCondition("UNSUPPORTED_FEATURE.TABLE_OPERATION");

  private final Set<String> names;

  private ErrorCondition(String... names) {
    this.names = Set.of(names);
  }

  /** Whether this very exception means it, whatever caused it. */
  boolean isOf(Throwable thrown) {
    return name(thrown).isPresent();
  }

  /** The name that says so in an exception or in what led to it; empty when none does. */
  public Optional<String> in(Throwable thrown) {
    return Causes.of(thrown).map(this::name).flatMap(Optional::stream).findFirst();
  }

  private Optional<String> name(Throwable thrown) {
    return thrown instanceof SparkThrowable failure
        ? Optional.ofNullable(failure.getCondition()).filter(names::contains)
        : Optional.empty();
  }
}
