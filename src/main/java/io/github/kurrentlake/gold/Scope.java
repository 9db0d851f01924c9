package io.github.kurrentlake.gold;

/**
 * Which events a Gold row is made of.
 *
 * @param condition SQL over {@code stream} and {@code log_position}
 */
record Scope(String condition) {

  /** Every event: the table as it is rebuilt. */
  static Scope everything() {
    return new Scope("true");
  }

  /** The events up to a position, that one included: the table as of then. */
  static Scope through(long position) {
    return new Scope("log_position <= " + position);
  }

  /**
   * All events of some streams.
   *
   * @param view has the column {@code stream}
   * @param first the position of the first event that any of them has
   */
  static Scope of(String view, long first) {
    return new Scope(
        "log_position >= %d AND stream IN (SELECT stream FROM %s)".formatted(first, view));
  }
}
