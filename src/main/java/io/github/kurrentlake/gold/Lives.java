package io.github.kurrentlake.gold;

import java.util.Set;

/**
 * When a stream begins a second life: it was deleted and is written again, or the entity came back.
 * That is an event that begins a life after one that ends it, in a life that had begun.
 *
 * @param begin the event types that begin a life
 * @param end the event types that end it
 */
public record Lives(Set<String> begin, Set<String> end) {

  public Lives {
    begin = Set.copyOf(begin);
    end = Set.copyOf(end);
  }

  /** Every stream has one life. */
  public static Lives one() {
    return new Lives(Set.of(), Set.of());
  }
}
