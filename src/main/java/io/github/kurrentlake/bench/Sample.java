package io.github.kurrentlake.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One measurement.
 *
 * @param events events moved
 * @param seconds wall clock
 * @param more further figures by their names in the JSON, which carry the unit
 */
record Sample(long events, double seconds, Map<String, Double> more) {

  Sample(long events, double seconds) {
    this(events, seconds, Map.of());
  }

  /** The same measurement with one figure more. */
  Sample with(String name, double value) {
    var all = new LinkedHashMap<>(more);
    all.put(name, value);
    return new Sample(events, seconds, all);
  }
}
