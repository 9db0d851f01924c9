package io.github.kurrentlake.reconcile;

import java.time.LocalDate;
import java.util.Optional;

/**
 * Where two layers differ in one way.
 *
 * @param day in UTC, when KurrentDB recorded the events; empty for rows that are of no day
 * @param what an event type, or for a Gold table a stream; {@code events} for all types
 * @param events how many events or rows
 * @param first the position of the first of them
 * @param last the position of the last
 */
public record Finding(
    Kind kind, Optional<LocalDate> day, String what, long events, long first, long last) {

  /** In which way. */
  public enum Kind {
    /** The layer before has it, this one does not. */
    MISSING,
    /** This layer has it more than once. */
    DOUBLED,
    /** This layer has it otherwise. */
    ALTERED,
    /** This layer has it without the payload, which KurrentDB has. */
    WITHOUT_PAYLOAD,
    /** This layer has it, the one before does not. */
    UNEXPECTED,
    /** KurrentDB no longer has it, as after a scavenge or a redaction: no error. */
    ONLY_IN_BRONZE,
    /** KurrentDB has it, and its stream was erased here: no error. */
    ERASED,
    /**
     * A legacy transaction wrote it, whose events can become visible below what was read: no error,
     * but a reason to let Bronze read an overlap.
     */
    OF_TRANSACTIONS;

    /** Whether something is wrong. */
    public boolean isError() {
      return this != ONLY_IN_BRONZE && this != ERASED && this != OF_TRANSACTIONS;
    }

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
  }

  @Override
  public String toString() {
    return "%,d %s: %s%s, log_position %d%s"
        .formatted(
            events,
            kind,
            what,
            day.map(date -> " of " + date).orElse(""),
            first,
            last == first ? "" : " to " + last);
  }
}
