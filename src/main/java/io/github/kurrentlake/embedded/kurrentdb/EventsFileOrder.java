package io.github.kurrentlake.embedded.kurrentdb;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

/**
 * What one record of a file owes to those before it: an ascending position, and the revision in its
 * stream where the file gives none. A row that is refused leaves no trace here, so that reading can
 * go on after it.
 */
final class EventsFileOrder {
  private enum Revisions {
    UNDECIDED,
    GIVEN,
    COUNTED
  }

  private final Path file;
  private final RevisionCounts counts = new RevisionCounts();
  private long lastPosition = -1;
  private Revisions revisions = Revisions.UNDECIDED;

  EventsFileOrder(Path file) {
    this.file = file;
  }

  /**
   * The record, with its defaults.
   *
   * @param line where it stands in the file, from 1
   * @throws KurrentlakeException {@link ErrorCode#BAD_EVENTS_FILE}
   */
  LogRecord accept(EventsFileRow row, long line) {
    if (row.logPosition < 0) {
      throw defect(line, "log_position", "must not be negative, but is " + row.logPosition);
    }
    if (row.logPosition <= lastPosition) {
      throw defect(
          line,
          "log_position",
          "must ascend, but " + row.logPosition + " comes after " + lastPosition);
    }
    requireText(row.stream, line, "stream");
    requireText(row.schemaName, line, "schema_name");
    if (row.streamRevision != null && row.streamRevision < 0) {
      throw defect(line, "stream_revision", "must not be negative, but is " + row.streamRevision);
    }
    var found = row.streamRevision == null ? Revisions.COUNTED : Revisions.GIVEN;
    if (revisions != Revisions.UNDECIDED && revisions != found) {
      throw defect(
          line,
          "stream_revision",
          found == Revisions.GIVEN
              ? "is given, but was missing in the records before"
              : "is missing, but was given in the records before");
    }
    revisions = found;
    lastPosition = row.logPosition;
    return new LogRecord(
        row.logPosition,
        row.commitPosition,
        row.streamRevision == null ? counts.next(row.stream) : row.streamRevision,
        row.createdAt,
        row.stream,
        row.schemaName,
        row.category,
        row.schemaId,
        row.schemaFormat == null ? "Json" : row.schemaFormat,
        row.recordIdGiven ? row.recordId : derivedId(row.logPosition),
        row.data,
        row.metadata == null ? "{}" : row.metadata);
  }

  /** The error for one record; {@code column} is null when it is about the whole line. */
  KurrentlakeException defect(long line, String column, String reason) {
    var error = ErrorCode.BAD_EVENTS_FILE.error().with("file", file).with("line", line);
    return (column == null ? error : error.with("column", column)).with("reason", reason);
  }

  /** The error for a column of the whole file, or for the whole file when that is null. */
  KurrentlakeException defectOfAll(String column, String reason) {
    var error = ErrorCode.BAD_EVENTS_FILE.error().with("file", file);
    return (column == null ? error : error.with("column", column)).with("reason", reason);
  }

  private void requireText(String value, long line, String column) {
    if (value.isEmpty()) {
      throw defect(line, column, "must not be empty");
    }
  }

  private static UUID derivedId(long position) {
    return UUID.nameUUIDFromBytes(Long.toString(position).getBytes(StandardCharsets.US_ASCII));
  }
}
