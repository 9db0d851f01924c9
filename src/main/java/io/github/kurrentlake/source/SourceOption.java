package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.settings.SecretName;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * One option of the source, declared once; {@code docs/source.md} lists exactly these.
 *
 * @param name as a user writes it; case does not matter
 * @param fallback the default as a user would write it; empty when there is none
 * @param parser turns the text into the value; throws IllegalArgumentException with what is
 *     expected
 */
record SourceOption<T>(String name, Optional<String> fallback, Function<String, T> parser) {
  static final SourceOption<Endpoint> ENDPOINT = of("endpoint", Endpoint::parse);
  static final SourceOption<String> TLS_CA = of("tlsCa", text -> text);
  static final SourceOption<String> TLS_CERTIFICATE = of("tlsCertificate", text -> text);
  static final SourceOption<String> TLS_KEY = of("tlsKey", text -> text);
  static final SourceOption<SecretName> TLS_KEY_SECRET = of("tlsKeySecret", SecretName::parse);
  static final SourceOption<String> USERNAME_FILE = of("usernameFile", text -> text);
  static final SourceOption<String> PASSWORD_FILE = of("passwordFile", text -> text);
  static final SourceOption<SecretName> USERNAME_SECRET = of("usernameSecret", SecretName::parse);
  static final SourceOption<SecretName> PASSWORD_SECRET = of("passwordSecret", SecretName::parse);

  static final SourceOption<LogTable> INDEX = of("index", LogTable::userIndex);
  static final SourceOption<String> CATEGORY = of("category", text -> text);
  static final SourceOption<String> SCHEMA_NAME = of("schemaName", text -> text);
  static final SourceOption<String> STREAM = of("stream", text -> text);
  static final SourceOption<StartingPosition> STARTING_POSITION =
      of("startingPosition", "earliest", StartingPosition::parse);
  static final SourceOption<Long> ENDING_POSITION = of("endingPosition", SourceOption::position);

  static final SourceOption<Long> MAX_EVENTS_PER_TRIGGER =
      of("maxEventsPerTrigger", text -> atLeast(1, text));
  static final SourceOption<Long> MAX_BYTES_PER_PARTITION =
      of("maxBytesPerPartition", "128m", SourceOption::bytes);
  static final SourceOption<Long> MAX_MEMORY_PER_TASK =
      of("maxMemoryPerTask", "512m", SourceOption::bytes);

  static final SourceOption<Duration> CALL_TIMEOUT =
      of("callTimeout", "5m", SourceOption::duration);
  static final SourceOption<Long> MAX_RETRIES = of("maxRetries", "6", text -> atLeast(0, text));
  static final SourceOption<Duration> RETRY_WAIT = of("retryWait", "200ms", SourceOption::duration);

  /** Every option there is. */
  static final List<SourceOption<?>> ALL =
      List.of(
          ENDPOINT,
          TLS_CA,
          TLS_CERTIFICATE,
          TLS_KEY,
          TLS_KEY_SECRET,
          USERNAME_FILE,
          PASSWORD_FILE,
          USERNAME_SECRET,
          PASSWORD_SECRET,
          INDEX,
          CATEGORY,
          SCHEMA_NAME,
          STREAM,
          STARTING_POSITION,
          ENDING_POSITION,
          MAX_EVENTS_PER_TRIGGER,
          MAX_BYTES_PER_PARTITION,
          MAX_MEMORY_PER_TASK,
          CALL_TIMEOUT,
          MAX_RETRIES,
          RETRY_WAIT);

  /** Names under which people hand credentials to other sources; options are shown and logged. */
  private static final Set<String> SECRETS =
      Set.of("user", "username", "password", "token", "authorization", "credentials");

  private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,12})\\s*([a-z]*)");
  private static final Map<String, Long> BYTES =
      Map.of("", 1L, "b", 1L, "k", 1L << 10, "m", 1L << 20, "g", 1L << 30);
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "min", 60_000L, "h", 3_600_000L);

  private static <T> SourceOption<T> of(String name, Function<String, T> parser) {
    return new SourceOption<>(name, Optional.empty(), parser);
  }

  private static <T> SourceOption<T> of(String name, String fallback, Function<String, T> parser) {
    return new SourceOption<>(name, Optional.of(fallback), parser);
  }

  /**
   * Refuses options that would put a secret into plans and event logs.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-106
   */
  static void refuseSecrets(CaseInsensitiveStringMap options) {
    for (var name : options.keySet()) {
      if (SECRETS.contains(name.toLowerCase(Locale.ROOT))) {
        throw ErrorCode.SECRET_IN_OPTIONS.error().with("option", name);
      }
    }
  }

  /**
   * The value of an option that may be left out and has no default.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-102
   */
  Optional<T> find(CaseInsensitiveStringMap options) {
    return Optional.ofNullable(options.get(name)).or(() -> fallback).map(this::parse);
  }

  /**
   * The option's value.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-102, or KL-103 when it has none
   */
  T get(CaseInsensitiveStringMap options) {
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

  private static long atLeast(long least, String text) {
    if (!text.matches("\\d{1,18}") || Long.parseLong(text) < least) {
      throw new IllegalArgumentException("a whole number of at least " + least);
    }
    return Long.parseLong(text);
  }

  private static long position(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a log_position", e);
    }
  }

  private static long bytes(String text) {
    return positive(text, BYTES, "a size such as 512m or 1g");
  }

  private static Duration duration(String text) {
    return Duration.ofMillis(positive(text, MILLIS, "a duration such as 200ms, 30s or 5m"));
  }

  private static long positive(String text, Map<String, Long> units, String expected) {
    var match = NUMBER_AND_UNIT.matcher(text.toLowerCase(Locale.ROOT));
    if (!match.matches() || !units.containsKey(match.group(2))) {
      throw new IllegalArgumentException(expected);
    }
    var value = Math.multiplyExact(Long.parseLong(match.group(1)), units.get(match.group(2)));
    if (value == 0) {
      throw new IllegalArgumentException(expected);
    }
    return value;
  }
}
