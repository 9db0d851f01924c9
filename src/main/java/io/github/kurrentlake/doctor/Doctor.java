package io.github.kurrentlake.doctor;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.doctor.Examination.Seen;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.job.TaskRuns;
import io.github.kurrentlake.job.Version;
import io.github.kurrentlake.lakebase.connect.ConnectionInfoProvider;
import io.github.kurrentlake.settings.SessionFiles;
import io.github.kurrentlake.settings.Settings;
import io.github.kurrentlake.source.AnswerEncoding;
import io.github.kurrentlake.source.EventLog;
import io.github.kurrentlake.source.KurrentDb;
import io.github.kurrentlake.source.KurrentDbSettings;
import io.github.kurrentlake.source.TlsCheck;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.LakehouseSettings;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.Table;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Looks at what tasks need, in the order in which they need it. */
public final class Doctor {
  private static final SqlTemplate LONGEST_RUN =
      SqlTemplate.beside(Doctor.class, "longest_run.sql").with("runs", TaskRuns.RUNS);

  /** Between two runs of the workflow. */
  private static final Duration HOURLY = Duration.ofHours(1);

  private static final int CONNECT_MILLIS = 5_000;
  private static final long QUESTION_MEMORY = 16L << 20;
  private static final long BEFORE_THE_LOG = -1;
  private static final Duration SOON = Duration.ofDays(30);
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

  private Doctor() {}

  /**
   * The way to KurrentDB: credentials, name, port, certificate, login with licence and right,
   * category, clock.
   *
   * @param settings with those of {@link KurrentDbSettings}
   * @param category the streams that the tasks read
   */
  public static List<Check> kurrentdb(Settings settings, String category) {
    var uri = settings.get(KurrentDbSettings.ENDPOINT).uri();
    return new Examination(uri.toString())
        .check("credentials", () -> credentials(settings))
        .check("name", () -> name(uri))
        .check("port", () -> port(uri))
        .check("certificate", () -> certificate(KurrentDbSettings.kurrentdb(settings)))
        .check("login", () -> login(KurrentDbSettings.kurrentdb(settings)))
        .check("category", () -> category(KurrentDbSettings.kurrentdb(settings), category))
        .check("clock", () -> clock(KurrentDbSettings.kurrentdb(settings)))
        .check("compression", () -> compression(KurrentDbSettings.kurrentdb(settings)))
        .checks();
  }

  /**
   * A Postgres or a Lakebase: login, wal_level, replication slots, how long transactions are open,
   * privileges, and tables whose deletes no slot tells.
   */
  public static List<Check> postgres(ConnectionInfoProvider provider) {
    return new PostgresChecks(provider).all();
  }

  /** The tables: versions, the place of checkpoints, Bronze, and how long runs took. */
  public static List<Check> lakehouse(SparkSession spark, Settings settings) {
    var lakehouse = LakehouseSettings.lakehouse(settings);
    var events = lakehouse.table(BronzeTables.EVENTS);
    return new Examination(events.sqlName().replace("`", ""))
        .check("versions", () -> versions(spark))
        .check("checkpoints", () -> checkpoints(spark, lakehouse))
        .check(
            "tables",
            () ->
                events.exists(spark)
                    ? Seen.fine("bronze.events " + lastCommit(spark, events))
                    : Seen.doubtful("there is no table yet; the first run makes them"))
        .check("duration", () -> duration(spark, lakehouse.table(TaskRuns.TABLE)))
        .checks();
  }

  private static Seen credentials(Settings settings) {
    var credentials = KurrentDbSettings.kurrentdb(settings).credentials();
    credentials.username().read();
    credentials.password().read();
    return Seen.fine("user from %s".formatted(credentials.username()));
  }

  private static Seen name(URI uri) throws IOException {
    try {
      return Seen.fine(
          Arrays.stream(InetAddress.getAllByName(host(uri)))
              .map(InetAddress::getHostAddress)
              .collect(Collectors.joining(", ")));
    } catch (UnknownHostException e) {
      throw unreachable(uri, "no such host name").causedBy(e);
    }
  }

  private static Seen port(URI uri) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host(uri), uri.getPort()), CONNECT_MILLIS);
      return Seen.fine(uri.getPort() + " is open");
    } catch (IOException e) {
      throw unreachable(uri, e.getMessage()).causedBy(e);
    }
  }

  private static KurrentlakeException unreachable(URI uri, String reason) {
    return ErrorCode.UNREACHABLE.error().with("endpoint", uri).with("reason", reason);
  }

  /** Without the brackets of an IPv6 address. */
  private static String host(URI uri) {
    return uri.getHost().replaceAll("[\\[\\]]", "");
  }

  private static Seen certificate(KurrentDb kurrentdb) {
    if (!kurrentdb.endpoint().isTls()) {
      return Seen.doubtful("grpc:// is not encrypted, and the server proves nothing");
    }
    var certificate = TlsCheck.certificate(kurrentdb, CONNECT_MILLIS);
    var end = certificate.getNotAfter().toInstant();
    var detail =
        "%s, signed by %s, until %s"
            .formatted(
                certificate.getSubjectX500Principal(), certificate.getIssuerX500Principal(), end);
    return end.isBefore(Instant.now().plus(SOON)) ? Seen.doubtful(detail) : Seen.fine(detail);
  }

  private static Seen login(KurrentDb kurrentdb) {
    try (var connection = kurrentdb.connect(QUESTION_MEMORY)) {
      var log = new EventLog(connection, "").ofEverything();
      return log.isEmpty()
          ? Seen.doubtful("the index has no event: the log is empty, or it is being built")
          : Seen.fine("the index ends at log_position " + log.last());
    }
  }

  private static Seen category(KurrentDb kurrentdb, String category) {
    try (var connection = kurrentdb.connect(QUESTION_MEMORY)) {
      if (new EventLog(connection, category).next(BEFORE_THE_LOG, 1).isEmpty()) {
        throw ErrorCode.UNKNOWN_CATEGORY
            .error()
            .with("category", category)
            .with("endpoint", kurrentdb.endpoint());
      }
      return Seen.fine(category + " has events");
    }
  }

  private static Seen clock(KurrentDb kurrentdb) {
    try (var connection = kurrentdb.connect(QUESTION_MEMORY)) {
      var log = new EventLog(connection, "").ofEverything();
      var last = log.last();
      var newest = Instant.ofEpochMilli(log.events(last - 1, last, 1).get(0).createdAt());
      var detail = "the newest event is of " + newest;
      return newest.isAfter(Instant.now().plus(CLOCKS_DIFFER))
          ? Seen.doubtful(detail + ", which is later than now")
          : Seen.fine(detail);
    }
  }

  /** It is a node's default, and right between regions, so that nothing is amiss with it. */
  private static Seen compression(KurrentDb kurrentdb) {
    return Seen.fine(
        AnswerEncoding.of(kurrentdb)
            .map(
                name ->
                    "answers come in "
                        + name
                        + "; within one network they are read several times faster with the node's"
                        + " CompressionLevel NoCompression")
            .orElse("answers are not compressed"));
  }

  private static Seen versions(SparkSession spark) {
    return Seen.fine(
        "Kurrentlake %s, Spark %s, Java %s"
            .formatted(Version.OF_THE_JAR, spark.version(), System.getProperty("java.version")));
  }

  private static String lastCommit(SparkSession spark, Table table) {
    var last =
        spark
            .sql("DESCRIBE HISTORY %s LIMIT 1".formatted(table.sqlName()))
            .selectExpr("version", "coalesce(engineInfo, 'an unknown engine')")
            .head();
    return "is at version %d, which %s wrote".formatted(last.getLong(0), last.getString(1));
  }

  /** The longest run of the last week; runs are hourly unless somebody has changed that. */
  private static Seen duration(SparkSession spark, Table runs) {
    if (!runs.exists(spark)) {
      return Seen.doubtful("no run is noted yet");
    }
    var longest = spark.sql(LONGEST_RUN.fill(Map.of("task_runs", runs.sqlName()))).head();
    if (longest.isNullAt(0)) {
      return Seen.doubtful("no run of the last week has read new events");
    }
    var seconds = longest.getDouble(0);
    var detail = "the longest run of the last week took %.0f s".formatted(seconds);
    return seconds > HOURLY.toSeconds()
        ? Seen.doubtful(detail + ", which is more than the hour between two runs")
        : Seen.fine(detail);
  }

  /** A file can be made there, and removed. */
  private static Seen checkpoints(SparkSession spark, Lakehouse lakehouse) throws IOException {
    var file = new Path(lakehouse.checkpoint("doctor-" + UUID.randomUUID()));
    var files = SessionFiles.of(spark, file);
    if (!files.exists(file.getParent())) {
      return Seen.doubtful(file.getParent() + " is not there yet; the first run makes it");
    }
    files.create(file, false).close();
    files.delete(file, false);
    return Seen.fine(file.getParent() + " can be written to");
  }
}
