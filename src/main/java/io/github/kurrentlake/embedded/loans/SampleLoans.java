package io.github.kurrentlake.embedded.loans;

import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.Optional;

/**
 * The log of a bank whose loans follow the public loan-application sample, with every producer and
 * every path that its events are known to have.
 *
 * <p>A seed stands for one endless log. {@link #records(long)} gives the part of it before the loan
 * that would be one too many, so that the log of 12 000 loans begins with that of 10 000, and the
 * last loans are still in progress. Time in the log begins on 2025-01-06.
 *
 * <pre>{@code
 * var log = SampleLoans.seed(42).records(10_000);
 * var years = SampleLoans.seed(42).spanning(Period.ofYears(3)).records(5_000_000);
 * var parity = SampleLoans.seed(42).complete().records(1_000);
 * }</pre>
 *
 * <p>Immutable; every iterator begins again and keeps only the loans in flight.
 */
public final class SampleLoans {
  /** A loan a minute keeps ten thousand loans within a week. */
  private static final long USUAL_GAP = 60 * PythonTime.SECOND;

  private final long seed;
  private final boolean complete;
  private final Optional<Period> span;

  private SampleLoans(long seed, boolean complete, Optional<Period> span) {
    this.seed = seed;
    this.complete = complete;
    this.span = span;
  }

  /** The log of this seed: the same records for the same seed, on every machine. */
  public static SampleLoans seed(long seed) {
    return new SampleLoans(seed, false, Optional.empty());
  }

  /**
   * Every loan has all five stages (request, credit check, approval needed, summary, manual
   * decision), each once and in the services' plain shapes, which a typed schema reads without
   * loss. The log ends when the last loan is decided, and so is not the beginning of a longer one.
   */
  public SampleLoans complete() {
    return new SampleLoans(seed, true, span);
  }

  /**
   * Spreads the requests over about this long instead of one a minute; the stages of a loan still
   * follow each other within seconds to days. The log of more loans is then denser, not longer, and
   * does not begin with the log of fewer.
   *
   * @throws IllegalArgumentException when the period is not positive
   */
  public SampleLoans spanning(Period period) {
    if (days(period) <= 0) {
      throw new IllegalArgumentException("The span must be positive, not " + period);
    }
    return new SampleLoans(seed, complete, Optional.of(period));
  }

  /**
   * The records in the order of the log, with system events and other categories between those of
   * the loans. Positions ascend with gaps; {@code createdAt} may step back by a few milliseconds.
   * No loans give a log of system events only.
   *
   * @param loans how many loans are requested
   * @throws IllegalArgumentException when negative
   */
  public Iterator<LogRecord> records(long loans) {
    if (loans < 0) {
      throw new IllegalArgumentException("The number of loans must not be negative: " + loans);
    }
    var gap =
        span.map(period -> days(period) * 86_400 * PythonTime.SECOND / Math.max(1, loans))
            .orElse(USUAL_GAP);
    return new LoanLog(seed, complete, gap, loans);
  }

  private static long days(Period period) {
    return ChronoUnit.DAYS.between(LoanLog.FIRST_DAY, LoanLog.FIRST_DAY.plus(period));
  }
}
