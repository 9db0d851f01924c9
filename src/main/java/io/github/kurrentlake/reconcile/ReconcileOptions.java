package io.github.kurrentlake.reconcile;

import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.gold.Lifecycle;
import java.time.ZoneId;

/**
 * What is compared.
 *
 * @param bronze what Bronze reads and where the tables lie
 * @param lifecycle the Silver and Gold tables
 * @param zone the zone of timestamps that name none
 * @param extent how much of the log
 * @param payloads whether what the events hold is compared too
 */
public record ReconcileOptions(
    BronzeOptions bronze, Lifecycle lifecycle, ZoneId zone, Extent extent, Payloads payloads) {

  /** How much of the log is compared. */
  public enum Extent {
    /** From the first event on that was added or changed since the last clean verdict. */
    CHANGED,
    /** All of it. */
    FULL
  }

  /** Whether payloads are read, in KurrentDB one by one. */
  public enum Payloads {
    /** They are not. */
    NONE,
    /** Those of some thousand events, in stretches all over the log. */
    SAMPLE,
    /** All of them. */
    ALL
  }
}
