package io.github.kurrentlake.embedded.loans;

import java.util.UUID;

/**
 * Random draws that are the same for a seed on every JDK, which {@link java.util.random} does not
 * promise for bounded draws. The generator is SplitMix64. Not safe for several threads.
 */
final class Draw {
  private long state;

  Draw(long seed) {
    this.state = seed;
  }

  private long bits() {
    state += 0x9E3779B97F4A7C15L;
    var mixed = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  /** From 0 up to, but not including, the bound. */
  int below(int bound) {
    return (int) (((bits() >>> 32) * bound) >>> 32);
  }

  /** Both ends are included. */
  int between(int low, int high) {
    return low + below(high - low + 1);
  }

  /** From {@code low} up to, but not including, {@code high}. */
  long between(long low, long high) {
    return low + (long) (fraction() * (high - low));
  }

  boolean chance(double probability) {
    return fraction() < probability;
  }

  <T> T oneOf(T[] choices) {
    return choices[below(choices.length)];
  }

  /** The time between two arrivals that know nothing of each other. */
  long exponential(double mean) {
    // StrictMath, since Math.log may differ in its last bit between machines.
    return (long) (-mean * StrictMath.log(1.0 - fraction()));
  }

  /** A version 4 UUID. */
  UUID uuid() {
    var high = (bits() & 0xFFFFFFFFFFFF0FFFL) | 0x4000L;
    var low = (bits() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new UUID(high, low);
  }

  private double fraction() {
    return (bits() >>> 11) * 0x1.0p-53;
  }
}
