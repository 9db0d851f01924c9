package io.github.kurrentlake.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All measurements of one name.
 *
 * @param name the row's name
 * @param events events moved in each measurement
 * @param seconds the median of the wall clocks
 * @param rounds the wall clocks in their order
 * @param more medians of further figures; their names carry the unit
 */
public record BenchRow(
    String name, long events, double seconds, List<Double> rounds, Map<String, Double> more) {

  static BenchRow of(String name, List<Sample> samples) {
    var names = new LinkedHashMap<String, Double>();
    for (var sample : samples) {
      sample.more().keySet().forEach(key -> names.put(key, 0.0));
    }
    names.replaceAll(
        (key, none) ->
            median(
                samples.stream()
                    .filter(sample -> sample.more().containsKey(key))
                    .map(sample -> sample.more().get(key))
                    .toList()));
    var rounds = samples.stream().map(Sample::seconds).toList();
    return new BenchRow(name, samples.get(0).events(), median(rounds), rounds, names);
  }

  /** The name of a row of a size: {@code growth-100k}, {@code growth-10m}. */
  static String sized(String row, long size) {
    if (size % 1_000_000 == 0) {
      return row + "-" + size / 1_000_000 + "m";
    }
    return size % 1_000 == 0 ? row + "-" + size / 1_000 + "k" : row + "-" + size;
  }

  /** Events in a second of the median. */
  public double eventsPerSecond() {
    return seconds == 0 ? 0 : events / seconds;
  }

  private static double median(List<Double> values) {
    var sorted = values.stream().sorted().toList();
    var middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
