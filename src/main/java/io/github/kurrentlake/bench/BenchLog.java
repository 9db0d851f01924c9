package io.github.kurrentlake.bench;

import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.embedded.loans.SampleLoans;
import io.github.kurrentlake.loans.Loans;
import java.time.Period;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Sample loans cut by the number of their events instead of their own. */
final class BenchLog {
  /** A little fewer than a sample loan has, so that the log does not end before its events. */
  private static final double EVENTS_PER_LOAN = 3.5;

  /** What an hour of a busy bank writes, after the years that came before. */
  private static final long EVENTS_PER_DAY = 48_000;

  private static final int DAYS = 30;

  private final String stream = Loans.CATEGORY + "-";
  private final long events;
  private final Iterator<LogRecord> records;
  private final boolean spansYears;
  private Iterator<LogRecord> after;
  private LogRecord last;

  private BenchLog(long events, Iterator<LogRecord> records, boolean spansYears) {
    this.events = events;
    this.records = records;
    this.spansYears = spansYears;
  }

  /** A log that begins with so many events, over so many years; 0 for the usual pace. */
  static BenchLog of(long events, int years) {
    var loans = SampleLoans.seed(1);
    return years == 0
        ? new BenchLog(events, loans.records(Long.MAX_VALUE), false)
        : new BenchLog(events, loans.spanning(Period.ofYears(years)).records(loans(events)), true);
  }

  /** The records up to the last of the first events; to be used up before all else. */
  Iterator<LogRecord> beginning() {
    return cut(records, events);
  }

  /** The records up to the last of that many events more. */
  Iterator<LogRecord> next(long more) {
    if (!spansYears) {
      return cut(records, more);
    }
    if (after == null) {
      after = busyDays();
    }
    return cut(after, more);
  }

  /** A second log behind the first: its own pace is one event in hours. */
  private Iterator<LogRecord> busyDays() {
    var days =
        SampleLoans.seed(2).spanning(Period.ofDays(DAYS)).records(loans(EVENTS_PER_DAY * DAYS));
    var first = days.next();
    var positions = last.logPosition() + 1_000 - first.logPosition();
    var time = last.createdAt() + 1_000 - first.createdAt();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return days.hasNext();
      }

      @Override
      public LogRecord next() {
        var record = days.next();
        return new LogRecord(
            record.logPosition() + positions,
            null,
            record.streamRevision(),
            record.createdAt() + time,
            record.stream(),
            record.schemaName(),
            record.category(),
            record.schemaId(),
            record.schemaFormat(),
            record.recordId(),
            record.data(),
            record.metadata());
      }
    };
  }

  private Iterator<LogRecord> cut(Iterator<LogRecord> all, long count) {
    return new Iterator<>() {
      private long left = count;

      @Override
      public boolean hasNext() {
        return left > 0 && all.hasNext();
      }

      @Override
      public LogRecord next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        last = all.next();
        if (last.stream().startsWith(stream)) {
          left--;
        }
        return last;
      }
    };
  }

  private static long loans(long events) {
    return (long) Math.ceil(events / EVENTS_PER_LOAN);
  }
}
