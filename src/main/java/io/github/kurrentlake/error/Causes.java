package io.github.kurrentlake.error;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What led to an exception, however deep Spark or a driver has wrapped it. */
public final class Causes {
  private Causes() {}

  /** The exception, what caused it, what caused that, and so on. */
  public static Stream<Throwable> of(Throwable thrown) {
    return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause);
  }

  /** Whether the exception or one that led to it is of a type. */
  public static boolean include(Throwable thrown, Class<?> type) {
    return of(thrown).anyMatch(type::isInstance);
  }

  /** The first line of what an exception says; empty for one whose message is. */
  public static String firstLine(Throwable thrown) {
    return String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
  }

  /** The error of the catalogue that an exception is or was caused by. */
  public static Optional<KurrentlakeException> known(Throwable thrown) {
    return of(thrown)
        .filter(KurrentlakeException.class::isInstance)
        .map(KurrentlakeException.class::cast)
        .findFirst();
  }
}
