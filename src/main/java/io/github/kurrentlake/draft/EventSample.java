package io.github.kurrentlake.draft;

import io.github.kurrentlake.source.EventLog;
import io.github.kurrentlake.source.EventLog.Payload;
import io.github.kurrentlake.source.EventLog.TypeOfEvents;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Some events of one type: of each part of the log the first ones, and the newest.
 *
 * @param type how many there are, and where the newest is
 * @param payloads by their positions, ascending
 */
public record EventSample(TypeOfEvents type, List<Payload> payloads) {
  private static final long BEFORE_THE_LOG = -1;
  private static final int PARTS = 10;
  private static final int EVENTS_PER_PART = 100;

  public EventSample {
    payloads = payloads.stream().sorted(Comparator.comparingLong(Payload::position)).toList();
  }

  /** Reads a sample: a thousand events at most, and the newest. */
  static EventSample of(EventLog category, TypeOfEvents type) {
    var log = category.ofType(type.schemaName());
    var found = new TreeMap<Long, Payload>();
    log.payloads(BEFORE_THE_LOG, EVENTS_PER_PART)
        .forEach(payload -> found.put(payload.position(), payload));
    var first = found.isEmpty() ? 0 : found.firstKey();
    var width = (type.newestPosition() - first) / PARTS;
    for (var part = 1; part < PARTS && found.size() < type.events(); part++) {
      log.payloads(first + part * width, EVENTS_PER_PART)
          .forEach(payload -> found.put(payload.position(), payload));
    }
    log.payloads(type.newestPosition() - 1, 1)
        .forEach(payload -> found.put(payload.position(), payload));
    return new EventSample(type, List.copyOf(found.values()));
  }
}
