package io.github.kurrentlake.embedded.kurrentdb;

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
    String metadata) {}
