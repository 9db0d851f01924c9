package io.github.kurrentlake.draft;

import io.github.kurrentlake.source.EventLog.TypeOfEvents;
import java.util.List;

/**
 * A Silver table that a sample suggests.
 *
 * @param type the event type
 * @param exploded where an array stands of which each object is a row; empty when an event is one
 * @param sampled how many of its events were read
 * @param unreadable how many of these hold no JSON object
 */
public record DraftProjection(
    String table,
    TypeOfEvents type,
    String exploded,
    int sampled,
    int unreadable,
    List<DraftColumn> columns) {

  /** The same under another name. */
  DraftProjection named(String other) {
    return new DraftProjection(other, type, exploded, sampled, unreadable, columns);
  }
}
