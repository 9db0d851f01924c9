package io.github.kurrentlake.settings;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.util.Optional;
import java.util.function.Function;

/**
 * One setting, declared once. It is given as {@code --name VALUE} or {@code --name=VALUE}, else by
 * its environment variable, else it has its default; an empty value counts as not given, since a
 * Databricks job parameter always has a value.
 *
 * @param name the option's name without the dashes
 * @param variable the environment variable that stands in for the option
 * @param fallback the default as a user would write it; empty when the setting must be given
 * @param description one sentence for the help, with the unit where there is one
 * @param parser turns the text into the value; throws IllegalArgumentException with the reason
 */
public record Setting<T>(
    String name,
    String variable,
    Optional<String> fallback,
    String description,
    Function<String, T> parser) {

  /** A text that must be given. */
  public static Setting<String> text(String name, String description) {
    return new Setting<>(name, variableOf(name), Optional.empty(), description, text -> text);
  }

  /** A whole number of at least one. */
  public static Setting<Long> count(String name, String description) {
    return new Setting<>(name, variableOf(name), Optional.empty(), description, Setting::positive);
  }

  /** {@code yes} or {@code no}, which is the default. */
  public static Setting<Boolean> flag(String name, String description) {
    return text(name, description).fallback("no").as(Setting::yesOrNo);
  }

  /** The same setting with a default; {@code ""} makes it optional for parsers that accept that. */
  public Setting<T> fallback(String value) {
    return new Setting<>(name, variable, Optional.of(value), description, parser);
  }

  /** The same setting read by another parser. */
  public <R> Setting<R> as(Function<String, R> other) {
    return new Setting<>(name, variable, fallback, description, other);
  }

  T parse(String value) {
    try {
      return parser.apply(value);
    } catch (KurrentlakeException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw ErrorCode.BAD_OPTION
          .error()
          .with("option", "--" + name)
          .with("value", value)
          .with("expected", e.getMessage())
          .causedBy(e);
    }
  }

  private static String variableOf(String name) {
    return "KURRENTLAKE_" + name.replace('-', '_').toUpperCase(java.util.Locale.ROOT);
  }

  private static Boolean yesOrNo(String text) {
    return switch (text) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw new IllegalArgumentException("yes or no");
    };
  }

  private static Long positive(String text) {
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a whole number", e);
    }
    if (value < 1) {
      throw new IllegalArgumentException("a whole number of at least 1");
    }
    return value;
  }
}
