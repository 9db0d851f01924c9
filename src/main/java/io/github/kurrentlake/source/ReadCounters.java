package io.github.kurrentlake.source;

import java.util.concurrent.atomic.LongAdder;

/** What went over one connection; written by its thread, read by Spark's metrics. */
final class ReadCounters {
  private final LongAdder events = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder requests = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder waitNanos = new LongAdder();

  void asked() {
    requests.increment();
  }

  void retried() {
    retries.increment();
  }

  void waited(long nanos) {
    waitNanos.add(nanos);
  }

  void arrived(long newEvents, long newBytes) {
    events.add(newEvents);
    bytes.add(newBytes);
  }

  long events() {
    return events.sum();
  }

  long bytes() {
    return bytes.sum();
  }

  long requests() {
    return requests.sum();
  }

  long retries() {
    return retries.sum();
  }

  long waitMillis() {
    return waitNanos.sum() / 1_000_000;
  }
}
