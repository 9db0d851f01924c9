package io.github.kurrentlake.job;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a finished job did.
 *
 * @param eventsIn events read from the layer before
 * @param rowsOut rows written to this job's table
 * @param quarantined events that this run put into quarantine instead
 * @param notes what a person should know although the job is done, such as a table that is empty
 * @param span the part of the log that it read; empty for a job that reads none, and for no event
 */
public record JobReport(
    long eventsIn, long rowsOut, long quarantined, List<String> notes, Optional<LogSpan> span) {

  public JobReport {
    notes = List.copyOf(notes);
  }

  /** The report of a job, or a run, without notes. */
  public JobReport(long eventsIn, long rowsOut, long quarantined) {
    this(eventsIn, rowsOut, quarantined, List.of(), Optional.empty());
  }

  /** The report of a job, or a run, that quarantines nothing. */
  public JobReport(long eventsIn, long rowsOut) {
    this(eventsIn, rowsOut, 0);
  }

  public static JobReport nothingNew() {
    return new JobReport(0, 0);
  }

  /** The same report with notes instead of those it has. */
  public JobReport noting(List<String> others) {
    return new JobReport(eventsIn, rowsOut, quarantined, others, span);
  }

  /** The same report of a job that has read a part of the log. */
  public JobReport spanning(Optional<LogSpan> part) {
    return new JobReport(eventsIn, rowsOut, quarantined, notes, part);
  }

  /** What this one and another did, with each of their notes once. */
  public JobReport and(JobReport other) {
    return new JobReport(
            eventsIn + other.eventsIn, rowsOut + other.rowsOut, quarantined + other.quarantined)
        .noting(Stream.concat(notes.stream(), other.notes.stream()).distinct().toList());
  }

  /** The same report with a note for each table that the job reads and that holds no row. */
  public JobReport notingEmpty(List<String> tables) {
    return noting(tables.stream().map(table -> table + " holds no row").toList());
  }

  /** One line: what moved, how to look at what did not, and the notes. */
  @Override
  public String toString() {
    var line = new StringBuilder("%d events in, %d rows out".formatted(eventsIn, rowsOut));
    if (quarantined > 0) {
      line.append(
          ", %d quarantined: SELECT * FROM ops.quarantine WHERE state = 'open' says why"
              .formatted(quarantined));
    }
    notes.forEach(note -> line.append("; ").append(note));
    return line.toString();
  }
}
