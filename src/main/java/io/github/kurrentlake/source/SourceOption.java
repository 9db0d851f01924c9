package io.github.kurrentlake.source;

import static io.github.kurrentlake.settings.DataSourceOption.atLeast;
import static io.github.kurrentlake.settings.DataSourceOption.option;

import io.github.kurrentlake.settings.DataSourceOption;
import io.github.kurrentlake.settings.SecretName;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The options of the source; {@code docs/source.md} lists exactly these. */
final class SourceOption {
  static final DataSourceOption<Endpoint> ENDPOINT = option("endpoint", Endpoint::parse);
  static final DataSourceOption<String> TLS_CA = option("tlsCa", text -> text);
  static final DataSourceOption<String> TLS_CERTIFICATE = option("tlsCertificate", text -> text);
  static final DataSourceOption<String> TLS_KEY = option("tlsKey", text -> text);
  static final DataSourceOption<SecretName> TLS_KEY_SECRET =
      option("tlsKeySecret", SecretName::parse);
  static final DataSourceOption<String> USERNAME_FILE = option("usernameFile", text -> text);
  static final DataSourceOption<String> PASSWORD_FILE = option("passwordFile", text -> text);
  static final DataSourceOption<SecretName> USERNAME_SECRET =
      option("usernameSecret", SecretName::parse);
  static final DataSourceOption<SecretName> PASSWORD_SECRET =
      option("passwordSecret", SecretName::parse);

  static final DataSourceOption<String> QUERY = option("query", text -> text);
  static final DataSourceOption<LogTable> INDEX = option("index", LogTable::userIndex);
  static final DataSourceOption<String> CATEGORY = option("category", text -> text);
  static final DataSourceOption<String> SCHEMA_NAME = option("schemaName", text -> text);
  static final DataSourceOption<String> STREAM = option("stream", text -> text);
  static final DataSourceOption<StartingPosition> STARTING_POSITION =
      option("startingPosition", "earliest", StartingPosition::parse);
  static final DataSourceOption<Long> ENDING_POSITION =
      option("endingPosition", SourceOption::position);

  static final DataSourceOption<Long> MAX_EVENTS_PER_TRIGGER =
      option("maxEventsPerTrigger", atLeast(1));
  static final DataSourceOption<Long> MAX_BYTES_PER_PARTITION =
      option("maxBytesPerPartition", "128m", SourceOption::bytes);
  static final DataSourceOption<Long> MAX_MEMORY_PER_TASK =
      option("maxMemoryPerTask", "512m", SourceOption::bytes);

  static final DataSourceOption<Duration> CALL_TIMEOUT =
      option("callTimeout", "5m", SourceOption::duration);
  static final DataSourceOption<Long> MAX_RETRIES = option("maxRetries", "6", atLeast(0));
  static final DataSourceOption<Duration> RETRY_WAIT =
      option("retryWait", "200ms", SourceOption::duration);

  /** Every option there is. */
  static final List<DataSourceOption<?>> ALL =
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
          QUERY,
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

  /** Those that say which events are read. */
  static final List<DataSourceOption<?>> OF_EVENTS =
      List.of(INDEX, CATEGORY, SCHEMA_NAME, STREAM, STARTING_POSITION, ENDING_POSITION);

  /** Names under which people hand credentials to other sources; options are shown and logged. */
  private static final String USER =
      "KURRENTDB_USERNAME in the environment, or the option usernameFile or usernameSecret";

  private static final String PASSWORD =
      "KURRENTDB_PASSWORD in the environment, or the option passwordFile or passwordSecret";

  private static final Map<String, String> SECRETS =
      Map.of(
          "user",
          USER,
          "username",
          USER,
          "password",
          PASSWORD,
          "token",
          USER + "; " + PASSWORD,
          "authorization",
          USER + "; " + PASSWORD,
          "credentials",
          USER + "; " + PASSWORD);

  private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,12})\\s*([a-z]*)");
  private static final Map<String, Long> BYTES =
      Map.of("", 1L, "b", 1L, "k", 1L << 10, "m", 1L << 20, "g", 1L << 30);
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "min", 60_000L, "h", 3_600_000L);

  private SourceOption() {}

  /**
   * Refuses options that would put a secret into plans and event logs.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-106
   */
  static void refuseSecrets(Map<String, String> options) {
    DataSourceOption.refuse(SECRETS, options);
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
