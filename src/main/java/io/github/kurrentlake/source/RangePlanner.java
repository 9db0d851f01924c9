package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Cuts what is to be read into disjoint ranges, by questions to the index only. Their end is fixed
 * here, so a task that is retried reads the same events. KurrentDB offers a single endpoint; the
 * parallelism is made by these ranges: of about equal event count, and of a bounded size.
 *
 * <p>The index knows no sizes, but a position is a byte offset in the log: from one event to the
 * next lie as many bytes as the first one takes. Where the wanted events are a part of all, they
 * are taken to be as large as their neighbours.
 */
final class RangePlanner {
  /** Below this a range is not worth a connection of its own. */
  private static final long SMALLEST = 25_000;

  /** Above this a range is not worth retrying as a whole. */
  private static final long LARGEST = 250_000;

  /** How finely the log is looked at: ranges are cut where slices meet. */
  private static final long SLICES = 4_096;

  private static final long MOST_SLICES = 65_536;
  private static final long SLICES_PER_PARTITION = 8;

  private final EventLog log;
  private final int cores;
  private final long maxBytes;

  RangePlanner(EventLog log, int cores, long maxBytes) {
    this.log = log;
    this.cores = cores;
    this.maxBytes = maxBytes;
  }

  /**
   * The ranges of the events in {@code (above, through]}, or of the first so many of them.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-216 when the index has not reached
   *     the end of what is to be read, KL-215 when another node that is behind gave a part of the
   *     answers
   */
  List<PositionRange> plan(long above, long through, OptionalLong limit) {
    Supplier<Optional<EventLog.Slice>> question =
        () ->
            limit.isPresent()
                ? log.next(above, through, limit.getAsLong())
                : log.measure(above, through);
    var found = through == Long.MAX_VALUE ? question.get() : log.whole(through, question);
    if (found.isEmpty()) {
      return List.of();
    }
    var slice = found.get();
    return cut(new PositionRange(slice.first() - 1, slice.through(), slice.events()));
  }

  private List<PositionRange> cut(PositionRange range) {
    var wanted = Math.min(cores, ceilDivide(range.events(), SMALLEST));
    var parts = Math.max(wanted, ceilDivide(range.events(), LARGEST));
    var span = range.through() - range.above();
    return parts == 1 && span <= maxBytes ? List.of(range) : cut(range, parts);
  }

  /** The range in two halves, or as it is when it holds a single event. */
  List<PositionRange> halve(PositionRange range) {
    var half = log.next(range.above(), range.through(), Math.max(1, range.events() / 2));
    return half.filter(slice -> slice.through() < range.through())
        .map(
            slice ->
                List.of(
                    new PositionRange(range.above(), slice.through(), slice.events()),
                    new PositionRange(
                        slice.through(), range.through(), range.events() - slice.events())))
        .orElse(List.of(range));
  }

  private List<PositionRange> cut(PositionRange range, long atLeast) {
    var span = range.through() - range.above();
    var partitions = Math.min(MOST_SLICES / SLICES_PER_PARTITION, ceilDivide(span, maxBytes));
    var width = ceilDivide(span, Math.max(SLICES, SLICES_PER_PARTITION * partitions));
    var slices = log.slices(range, width);
    var sizes = span <= maxBytes ? Map.<Long, Double>of() : bytesPerEvent(range, width, slices);
    var parts = even(Math.max(atLeast, (long) Math.ceil(bytes(slices, sizes) / maxBytes)));

    var ranges = new ArrayList<PositionRange>();
    var above = range.above();
    var events = 0L;
    var bytes = 0.0;
    var planned = 0L;
    for (var i = 0; i < slices.size(); i++) {
      var slice = slices.get(i);
      var size = slice.events() * sizes.getOrDefault(slice.number(), 0.0);
      if (events > 0 && bytes + size > maxBytes) {
        ranges.add(new PositionRange(above, slices.get(i - 1).through(), events));
        above = slices.get(i - 1).through();
        events = 0;
        bytes = 0;
      }
      events += slice.events();
      bytes += size;
      planned += slice.events();
      var full = (double) planned / range.events() >= (double) (ranges.size() + 1) / parts;
      if (full || i == slices.size() - 1) {
        ranges.add(new PositionRange(above, slice.through(), events));
        above = slice.through();
        events = 0;
        bytes = 0;
      }
    }
    if (planned < range.events()) {
      throw ErrorCode.EVENTS_MISSING
          .error()
          .with("log_position", "above %d through %d".formatted(range.above(), range.through()))
          .with("counted", range.events())
          .with("planned", planned);
    }
    return ranges.stream().filter(part -> part.events() > 0).toList();
  }

  /** As many parts that no core waits for the others' last one. */
  private long even(long parts) {
    return parts <= cores ? parts : ceilDivide(parts, cores) * cores;
  }

  private static double bytes(List<EventLog.Slice> slices, Map<Long, Double> sizes) {
    return slices.stream()
        .mapToDouble(slice -> slice.events() * sizes.getOrDefault(slice.number(), 0.0))
        .sum();
  }

  /** What an event in each slice takes on average, whatever it is. */
  private Map<Long, Double> bytesPerEvent(
      PositionRange range, long width, List<EventLog.Slice> wanted) {
    var sizes = new HashMap<Long, Double>();
    var slices = log.isOfEverything() ? wanted : log.ofEverything().slices(range, width);
    for (var i = 0; i < slices.size(); i++) {
      var slice = slices.get(i);
      // The last event's own size shows nowhere.
      var end = i + 1 < slices.size() ? slices.get(i + 1).first() : range.through() + 1;
      sizes.put(slice.number(), (double) (end - slice.first()) / slice.events());
    }
    return sizes;
  }

  private static long ceilDivide(long number, long size) {
    // Positions may lie so far apart that nothing can be added to what is between them.
    return -Math.floorDiv(-number, size);
  }
}
