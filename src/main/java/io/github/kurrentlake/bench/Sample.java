package io.github.kurrentlake.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

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

  /** Takes the time of work, which gives the number of its events. */
  static Sample timed(LongSupplier work) {
    var begun = System.nanoTime();
    var events = work.getAsLong();
    return new Sample(events, (System.nanoTime() - begun) / 1e9);
  }

  /** The same measurement with one figure more. */
  Sample with(String name, double value) {
    var all = new LinkedHashMap<>(more);
    all.put(name, value);
    return new Sample(events, seconds, all);
  }
}
