package io.github.kurrentlake.settings;

import io.github.kurrentlake.error.ErrorCode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One option of a Spark source, declared once; the source's page lists exactly those it has.
 *
 * @param name as a user writes it; case does not matter
 * @param fallback the default as a user would write it; empty when there is none
 * @param parser turns the text into the value; throws IllegalArgumentException with what is
 *     expected
 */
public record DataSourceOption<T>(
    String name, Optional<String> fallback, Function<String, T> parser) {

  public static <T> DataSourceOption<T> option(String name, Function<String, T> parser) {
    return new DataSourceOption<>(name, Optional.empty(), parser);
  }

  public static <T> DataSourceOption<T> option(
      String name, String fallback, Function<String, T> parser) {
    return new DataSourceOption<>(name, Optional.of(fallback), parser);
  }

  /** Reads a whole number of at least so much. */
  public static Function<String, Long> atLeast(long least) {
    return text -> {
      if (!text.matches("\\d{1,18}") || Long.parseLong(text) < least) {
        throw new IllegalArgumentException("a whole number of at least " + least);
      }
      return Long.parseLong(text);
    };
  }

  /**
   * Refuses options that would put a secret into plans and event logs.
   *
   * @param secrets by names in lower case, what is to be used instead
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-106
   */
  public static void refuse(Map<String, String> secrets, Map<String, String> options) {
    for (var name : options.keySet()) {
      var instead = secrets.get(name.toLowerCase(Locale.ROOT));
      if (instead != null) {
        throw ErrorCode.SECRET_IN_OPTIONS.error().with("option", name).with("instead", instead);
      }
    }
  }

  /**
   * The value of an option that may be left out and has no default.
   *
   * @param options by names in which case does not matter, as Spark hands them over
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-102
   */
  public Optional<T> find(Map<String, String> options) {
    return Optional.ofNullable(options.get(name)).or(() -> fallback).map(this::parse);
  }

  /**
   * The option's value.
   *
   * @param options by names in which case does not matter, as Spark hands them over
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-102, or KL-103 when it has none
   */
  public T get(Map<String, String> options) {
    return find(options).orElseThrow(() -> ErrorCode.MISSING_OPTION.error().with("option", name));
  }

  private T parse(String text) {
    try {
      return parser.apply(text.strip());
    } catch (IllegalArgumentException e) {
      throw ErrorCode.BAD_OPTION
          .error()
          .with("option", name)
          .with("value", text)
          .with("expected", e.getMessage());
    }
  }
}
