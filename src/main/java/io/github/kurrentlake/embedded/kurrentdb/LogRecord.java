package io.github.kurrentlake.embedded.kurrentdb;

import java.util.Base64;
import java.util.UUID;

/**
 * One record of the log as {@code kdb.records} shows it; what KurrentDB derives from these
 * (category, stream_hash) or never fills (expires_at, deleted) is not here.
 *
 * @param logPosition byte offset in the log; ascending, with gaps
 * @param commitPosition null unless the record was written in a legacy explicit transaction
 * @param streamRevision event number in the stream, from 0
 * @param createdAt milliseconds since 1970 in UTC; not monotonic
 * @param stream the stream's name, such as {@code loanRequest-<uuid>}
 * @param schemaName the event type
 * @param category null for what KurrentDB derives: the stream's name before the first '-'
 * @param schemaId null unless the producer set one
 * @param schemaFormat {@code Json}, {@code Bytes}, ...
 * @param recordId null for a record indexed before 26.1 (shown as zero bytes)
 * @param data the payload verbatim; null is shown as NULL
 * @param metadata JSON; {@code {}} when there is none
 */
public record LogRecord(
    long logPosition,
    Long commitPosition,
    long streamRevision,
    long createdAt,
    String stream,
    String schemaName,
    String category,
    String schemaId,
    String schemaFormat,
    UUID recordId,
    String data,
    String metadata) {

  /** The schema format of a payload that is JSON text. */
  public static final String JSON = "Json";

  /** The schema format of a payload that is not JSON, unless its producer named another. */
  public static final String BYTES = "Bytes";

  /** An ordinary JSON event without metadata or schema id; its category is derived. */
  public static LogRecord json(
      long logPosition,
      long streamRevision,
      long createdAt,
      String stream,
      String schemaName,
      UUID recordId,
      String data) {
    return plain(logPosition, streamRevision, createdAt, stream, schemaName, JSON, recordId, data);
  }

  /** An event whose payload is not JSON: shown as base64 in double quotes, a JSON string. */
  public static LogRecord binary(
      long logPosition,
      long streamRevision,
      long createdAt,
      String stream,
      String schemaName,
      UUID recordId,
      byte[] payload) {
    return plain(
        logPosition,
        streamRevision,
        createdAt,
        stream,
        schemaName,
        BYTES,
        recordId,
        '"' + Base64.getEncoder().encodeToString(payload) + '"');
  }

  private static LogRecord plain(
      long logPosition,
      long streamRevision,
      long createdAt,
      String stream,
      String schemaName,
      String schemaFormat,
      UUID recordId,
      String data) {
    return new LogRecord(
        logPosition,
        null,
        streamRevision,
        createdAt,
        stream,
        schemaName,
        null,
        null,
        schemaFormat,
        recordId,
        data,
        "{}");
  }

  /** The same record as a legacy explicit transaction wrote it, committed at a later position. */
  public LogRecord committedAt(long position) {
    return new LogRecord(
        logPosition,
        position,
        streamRevision,
        createdAt,
        stream,
        schemaName,
        category,
        schemaId,
        schemaFormat,
        recordId,
        data,
        metadata);
  }

  /** KurrentDB keeps these out of its indexes: system events and everything in system streams. */
  boolean isSystem() {
    return stream.startsWith("$") || schemaName.startsWith("$");
  }

  /** Where the record stands in $all: behind its commit, not its own position. */
  long orderPosition() {
    return commitPosition == null ? logPosition : commitPosition;
  }

  String categoryOrDerived() {
    if (category != null) {
      return category;
    }
    var dash = stream.indexOf('-');
    return dash < 0 ? stream : stream.substring(0, dash);
  }
}
