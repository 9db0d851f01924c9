package io.github.kurrentlake.settings;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One setting of a task, or one option of a Spark source, declared once: help, pages of the
 * documentation and checks come from it. A task's is read by {@link Settings}; a source's by {@link
 * #get(Map)} and {@link #find(Map)} from the options as Spark hands them over.
 *
 * @param name as a user writes it: with dashes for a task, in camel case for a source
 * @param label what stands for the value in a help text, such as {@code N}
 * @param description for help and documentation, with the unit where there is one, without the full
 *     stop
 * @param presence whether it must be given
 * @param fallback the default as a user would write it; empty when there is none
 * @param parser turns the text into the value; throws IllegalArgumentException with what is
 *     expected
 */
public record Setting<T>(
    String name,
    String label,
    String description,
    Presence presence,
    Optional<String> fallback,
    Function<String, T> parser) {

  /** Whether a setting must be given. */
  public enum Presence {
    REQUIRED,
    OPTIONAL
  }

  /** A text. */
  public static Setting<String> text(String name, String description) {
    return of(name, "TEXT", description, text -> text);
  }

  /** A whole number of at least so much. */
  public static Setting<Long> number(String name, long least, String description) {
    return of(name, "N", description, text -> wholeNumber(text, least));
  }

  /** {@code yes} or {@code no}, which is the default. */
  public static Setting<Boolean> flag(String name, String description) {
    return of(name, "yes|no", description, Setting::yesOrNo).fallback("no");
  }

  /** One of some words, in any case; the description ends with them. */
  public static <E extends Enum<E>> Setting<E> choice(
      String name, Class<E> type, String description) {
    var words =
        Arrays.stream(type.getEnumConstants())
            .map(value -> value.name().toLowerCase(Locale.ROOT))
            .toList();
    var last = words.size() - 1;
    var either = String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    return of(
        name,
        String.join("|", words),
        description + ": " + either,
        text -> {
          var index = words.indexOf(text.toLowerCase(Locale.ROOT));
          if (index < 0) {
            throw new IllegalArgumentException(either);
          }
          return type.getEnumConstants()[index];
        });
  }

  /** Names with commas between. */
  public static Setting<List<String>> names(String name, String description) {
    return of(name, "NAME,...", description, Setting::separated);
  }

  /** A number of bytes, as Spark's configuration has sizes. */
  public static Setting<Long> bytes(String name, String description) {
    return of(name, "SIZE", description, Units::bytes);
  }

  /** A time with its unit, as Spark's configuration has times. */
  public static Setting<Duration> duration(String name, String description) {
    return of(name, "TIME", description, Units::duration);
  }

  /** The name of a Databricks secret. */
  public static Setting<SecretName> secret(String name, String description) {
    return of(name, "SCOPE/KEY", description, SecretName::parse);
  }

  private static <T> Setting<T> of(
      String name, String label, String description, Function<String, T> parser) {
    return new Setting<>(name, label, description, Presence.REQUIRED, Optional.empty(), parser);
  }

  /** The same setting with a default. */
  public Setting<T> fallback(String value) {
    return new Setting<>(name, label, description, Presence.OPTIONAL, Optional.of(value), parser);
  }

  /** The same setting, which may be left out. */
  public Setting<T> optional() {
    return new Setting<>(name, label, description, Presence.OPTIONAL, fallback, parser);
  }

  /** The same setting read by another parser. */
  public <R> Setting<R> as(Function<String, R> other) {
    return new Setting<>(name, label, description, presence, fallback, other);
  }

  /** A source's option as a setting of a task: with dashes instead of capital letters. */
  public Setting<T> ofTask() {
    var dashed = name.replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    return new Setting<>(dashed, label, description, presence, fallback, parser);
  }

  /** The environment variable that stands in for the setting of a task. */
  public String variable() {
    return "KURRENTLAKE_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /**
   * The value of a source's option that may be left out.
   *
   * @param options by names in which case does not matter, as Spark hands them over
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-102
   */
  public Optional<T> find(Map<String, String> options) {
    return Optional.ofNullable(options.get(name))
        .or(() -> fallback)
        .map(text -> parse(text.strip(), name));
  }

  /**
   * The value of a source's option.
   *
   * @param options by names in which case does not matter, as Spark hands them over
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-102, or KL-103 when it has none
   */
  public T get(Map<String, String> options) {
    return find(options).orElseThrow(() -> ErrorCode.MISSING_OPTION.error().with("option", name));
  }

  /**
   * Reads a value that was given on a command line.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-102
   */
  public T parse(String value) {
    return parse(value, "--" + name);
  }

  private T parse(String value, String shown) {
    try {
      return parser.apply(value);
    } catch (KurrentlakeException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw ErrorCode.BAD_OPTION
          .error()
          .with("option", shown)
          .with("value", value)
          .with("expected", e.getMessage())
          .causedBy(e);
    }
  }

  private static Long wholeNumber(String text, long least) {
    if (!text.matches("-?\\d{1,18}")) {
      throw new IllegalArgumentException("a whole number");
    }
    if (Long.parseLong(text) < least) {
      throw new IllegalArgumentException("a whole number of at least " + least);
    }
    return Long.parseLong(text);
  }

  private static Boolean yesOrNo(String text) {
    return switch (text) {
      case "yes", "true" -> true;
      case "no", "false" -> false;
      default -> throw new IllegalArgumentException("yes or no");
    };
  }

  private static List<String> separated(String text) {
    var names = Stream.of(text.split(",", -1)).map(String::strip).toList();
    if (names.contains("")) {
      throw new IllegalArgumentException("names with commas between");
    }
    return names;
  }
}
