package io.github.kurrentlake.silver;

import io.github.kurrentlake.job.JobReport;
import java.util.concurrent.atomic.AtomicLong;

/** What a run has moved so far; the stream's thread counts, the job's thread reads. */
final class MovedCounts {
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong quarantined = new AtomicLong();

  void events(long more) {
    events.addAndGet(more);
  }

  void rows(long more) {
    rows.addAndGet(more);
  }

  void quarantined(long more) {
    quarantined.addAndGet(more);
  }

  JobReport report() {
    return new JobReport(events.get(), rows.get(), quarantined.get());
  }
}
