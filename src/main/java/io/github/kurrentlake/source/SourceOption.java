package io.github.kurrentlake.source;

import io.github.kurrentlake.settings.Secret;
import io.github.kurrentlake.settings.SecretName;
import io.github.kurrentlake.settings.Setting;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The options of the source; the table in {@code docs/source.md} is made from them. */
public final class SourceOption {
  public static final Setting<Endpoint> ENDPOINT =
      Setting.text("endpoint", "grpc+tls://HOST:2113, or grpc://HOST:2113 without TLS")
          .as(Endpoint::parse);

  public static final Setting<String> TLS_CA =
      Setting.text(
              "tlsCa",
              "PEM file on the driver, or PEM text, with the authority to trust; Java's own without"
                  + " it")
          .optional();

  static final Setting<String> TLS_CERTIFICATE =
      Setting.text(
              "tlsCertificate",
              "PEM file on every machine, or PEM text, with the client's certificate, if the server"
                  + " asks for one")
          .optional();

  static final Setting<String> TLS_KEY =
      Setting.text("tlsKey", "PEM file with its key (PKCS #8, not encrypted), on every machine")
          .optional();

  static final Setting<SecretName> TLS_KEY_SECRET =
      Setting.secret("tlsKeySecret", "Databricks secret SCOPE/KEY with that key, instead of a file")
          .optional();

  static final Setting<String> USERNAME_FILE =
      Setting.text("usernameFile", "File with the user name, on every machine").optional();

  static final Setting<String> PASSWORD_FILE =
      Setting.text("passwordFile", "File with the password, on every machine").optional();

  static final Setting<SecretName> USERNAME_SECRET =
      Setting.secret(
              "usernameSecret", "Databricks secret SCOPE/KEY with the user name, instead of a file")
          .optional();

  static final Setting<SecretName> PASSWORD_SECRET =
      Setting.secret(
              "passwordSecret", "Databricks secret SCOPE/KEY with the password, instead of a file")
          .optional();

  static final Setting<String> QUERY =
      Setting.text("query", "One SELECT that KurrentDB evaluates, instead of events: see below")
          .optional();

  static final Setting<LogTable> INDEX =
      Setting.text("index", "Name of a user-defined index to read instead of all records")
          .as(LogTable::userIndex)
          .optional();

  public static final Setting<String> CATEGORY =
      Setting.text("category", "Only streams whose name before the first '-' is this").optional();

  static final Setting<String> SCHEMA_NAME =
      Setting.text("schemaName", "Only events of this type").optional();

  static final Setting<String> STREAM = Setting.text("stream", "Only this stream").optional();

  static final Setting<StartingPosition> STARTING_POSITION =
      Setting.text(
              "startingPosition",
              "earliest, latest, a log_position (events above it are read), or a time with its"
                  + " zone")
          .as(StartingPosition::parse)
          .fallback("earliest");

  static final Setting<Long> ENDING_POSITION =
      Setting.text(
              "endingPosition",
              "The last log_position to read. A batch read fails (KL-216) while the index has not"
                  + " come so far")
          .as(SourceOption::position)
          .optional();

  static final Setting<Long> MAX_EVENTS_PER_TRIGGER =
      Setting.number(
              "maxEventsPerTrigger",
              1,
              "Events in one micro-batch at most; all that there are without it")
          .optional();

  static final Setting<Long> MAX_BYTES_PER_PARTITION =
      Setting.bytes(
              "maxBytesPerPartition",
              "Bytes of the log that one task reads at most, as far as the index tells")
          .fallback("128m");

  static final Setting<Long> MAX_MEMORY_PER_TASK =
      Setting.bytes(
              "maxMemoryPerTask",
              "Memory of one task for the Arrow batches that it holds at a time")
          .fallback("512m");

  static final Setting<Duration> CALL_TIMEOUT =
      Setting.duration("callTimeout", "How long to wait for an answer, or for the next batch")
          .fallback("5m");

  static final Setting<Long> MAX_RETRIES =
      Setting.number("maxRetries", 0, "Retries in a row without progress before a call fails")
          .fallback("6");

  static final Setting<Duration> RETRY_WAIT =
      Setting.duration(
              "retryWait",
              "Wait before the first retry; it doubles, up to 5 seconds, and varies at random")
          .fallback("200ms");

  /** Every option there is. */
  static final List<Setting<?>> ALL =
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
  static final List<Setting<?>> OF_EVENTS =
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

  private SourceOption() {}

  /**
   * Refuses options that would put a secret into plans and event logs.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-106
   */
  static void refuseSecrets(Map<String, String> options) {
    Secret.refuseIn(options, SECRETS);
  }

  private static long position(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a log_position", e);
    }
  }
}
