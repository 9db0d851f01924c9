package io.github.kurrentlake.source;

import java.io.Serializable;
import java.time.Duration;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * How long to wait for KurrentDB, and how often to ask again.
 *
 * @param timeout how long a call may go without an answer or another batch
 * @param maxRetries how often in a row a call that failed for a passing reason is made again
 * @param firstWait the wait before the first retry; it doubles with each
 */
record CallPolicy(Duration timeout, int maxRetries, Duration firstWait) implements Serializable {

  static CallPolicy standard() {
    return of(CaseInsensitiveStringMap.empty());
  }

  static CallPolicy of(CaseInsensitiveStringMap options) {
    return new CallPolicy(
        SourceOption.CALL_TIMEOUT.get(options),
        Math.toIntExact(Math.min(1_000, SourceOption.MAX_RETRIES.get(options))),
        SourceOption.RETRY_WAIT.get(options));
  }

  CallPolicy withMaxRetries(int other) {
    return new CallPolicy(timeout, other, firstWait);
  }
}
