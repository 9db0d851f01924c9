package io.github.kurrentlake.source;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What an event is recognised by.
 *
 * @param position its {@code log_position}
 * @param revision its number in the stream; empty in a Bronze that somebody else filled without it
 * @param createdAt epoch milliseconds
 * @param id the record id; empty in an index that was migrated from before there were any
 * @param isOfTransaction whether a legacy transaction wrote it, which commits behind its position
 */
public record LogEvent(
    long position,
    String stream,
    String schemaName,
    OptionalLong revision,
    long createdAt,
    Optional<UUID> id,
    boolean isOfTransaction) {

  /** Whether both are the same event; what only one of them has tells nothing. */
  public boolean isSame(LogEvent other) {
    return position == other.position
        && stream.equals(other.stream)
        && schemaName.equals(other.schemaName)
        && (revision.isEmpty() || other.revision.isEmpty() || revision.equals(other.revision))
        && createdAt == other.createdAt
        && (id.isEmpty() || other.id.isEmpty() || id.equals(other.id));
  }
}
