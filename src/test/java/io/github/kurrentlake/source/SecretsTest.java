package io.github.kurrentlake.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.base.Throwables;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.testing.DatabricksWorkspace;
import io.github.kurrentlake.testing.SharedSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.spark.scheduler.EventLoggingListener;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.ExplainMode;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads, streams and fails with a password that must not be found anywhere afterwards. */
class SecretsTest {
  private static final List<String> CANARIES =
      Stream.of(
              Node.PASSWORD,
              Node.USER + ":" + Node.PASSWORD,
              "in-" + Node.PASSWORD,
              DatabricksWorkspace.TOKEN)
          .flatMap(text -> Stream.of(text, base64(text)))
          .toList();
  private static final String PASSWORD_SECRET = "kurrentdb/password";

  private final List<String> shown = new ArrayList<>();
  @TempDir private Path directory;

  @Test
  void noPasswordIsInPlansLogsCheckpointsOrMessages() throws Exception {
    var spark = SharedSpark.session();
    var eventLogs = Files.createDirectory(directory.resolve("event-logs"));
    var conf =
        spark
            .sparkContext()
            .getConf()
            .set("spark.eventLog.enabled", "true")
            .set("spark.eventLog.compress", "false");
    var events = new EventLoggingListener("canary", scala.Option.empty(), eventLogs.toUri(), conf);
    var logs = new StringWriter();
    var log4j = (LoggerContext) LogManager.getContext(false);
    var appender =
        WriterAppender.createAppender(
            PatternLayout.createDefaultLayout(), null, logs, "canary", false, true);
    appender.start();
    var root = log4j.getConfiguration().getRootLogger();
    var level = root.getLevel();
    root.addAppender(appender, Level.ALL, null);
    // What a cluster logs, whatever the tests do.
    root.setLevel(Level.INFO);
    log4j.updateLoggers();
    events.start();
    spark.sparkContext().addSparkListener(events);
    try (var node = Node.start(Files.createDirectory(directory.resolve("node")));
        var workspace = DatabricksWorkspace.start().login()) {
      node.kurrentdb().append(Node.orders(1, 200, 20));
      workspace.put(PASSWORD_SECRET, Node.PASSWORD + "\n");
      succeed(node.options().asCaseSensitiveMap(), "files");
      succeed(withSecret(node, PASSWORD_SECRET), "secret");
      workspace.put(PASSWORD_SECRET, "in-" + Node.PASSWORD);
      fail(node);
    } finally {
      spark.sparkContext().listenerBus().waitUntilEmpty();
      spark.sparkContext().removeSparkListener(events);
      events.stop();
      root.removeAppender("canary");
      root.setLevel(level);
      log4j.updateLoggers();
    }
    var written =
        Stream.of("event-logs", "checkpoint-files", "checkpoint-secret", "table-secret")
            .flatMap(this::files)
            .toList();
    // What is searched has seen the reads.
    assertThat(logs.toString()).contains("kurrentdb");
    assertThat(files("event-logs")).anyMatch(text -> text.contains("kurrentdb kdb.records"));
    assertThat(files("checkpoint-secret")).anyMatch(text -> text.contains("log_position"));
    assertThat(shown).hasSizeGreaterThan(20);
    assertThat(Stream.of(shown, written, List.of(logs.toString())).flatMap(List::stream))
        .allSatisfy(text -> assertThat(CANARIES).noneMatch(text::contains));
  }

  /** What tasks are sent has the password, since an executor cannot ask Databricks; no plan has. */
  @Test
  void onlyPartitionsCarryASecretOfDatabricks() throws Exception {
    try (var node = Node.start(directory);
        var workspace = DatabricksWorkspace.start().login()) {
      node.kurrentdb().append(Node.orders(1, 20, 20));
      workspace.put(PASSWORD_SECRET, Node.PASSWORD);
      var request = LogRequest.of(new CaseInsensitiveStringMap(withSecret(node, PASSWORD_SECRET)));
      assertThat(serialized(request)).doesNotContain(Node.PASSWORD);
      var scan = new EventScan(request, List.of(SourceColumn.LOG_POSITION), OptionalLong.empty());
      var partition = scan.planInputPartitions()[0];
      assertThat(serialized(partition)).contains(Node.PASSWORD);
      assertThat(partition.toString()).contains("******").doesNotContain(Node.PASSWORD);
      assertThat(serialized(scan.createReaderFactory())).doesNotContain(Node.PASSWORD);
    }
  }

  private static Map<String, String> withSecret(Node node, String secret) {
    var options = new HashMap<>(node.options().asCaseSensitiveMap());
    options.remove("passwordFile");
    options.put("passwordSecret", secret);
    return options;
  }

  private static String serialized(Object object) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var stream = new ObjectOutputStream(bytes)) {
      stream.writeObject(object);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  private void succeed(Map<String, String> options, String how) throws Exception {
    var table = directory.resolve("table-" + how).toString();
    var spark = SharedSpark.session();
    var read = spark.read().format(KurrentDbSource.NAME).options(options);
    var rows = read.load().filter("category = 'order'");
    rows.write().format("delta").save(table);
    explain(rows);
    explain(read.load().groupBy("category").count());
    var query =
        spark
            .readStream()
            .format(KurrentDbSource.NAME)
            .options(options)
            .load()
            .writeStream()
            .format("delta")
            .option("checkpointLocation", directory.resolve("checkpoint-" + how).toString())
            .trigger(Trigger.AvailableNow())
            .start(table);
    query.awaitTermination();
    assertThat(query.lastProgress().numInputRows()).isEqualTo(200);
    shown.add(query.lastProgress().json());
    shown.add(LogRequest.of(new CaseInsensitiveStringMap(options)).toString());
  }

  private void fail(Node node) throws IOException {
    var wrong = directory.resolve("wrong");
    Files.writeString(wrong, "in-" + Node.PASSWORD);
    show(() -> node.read().option("passwordFile", wrong.toString()).load().count());
    show(() -> node.read().option("password", Node.PASSWORD).load().count());
    failWithSecret(node, PASSWORD_SECRET, ErrorCode.UNAUTHENTICATED);
    failWithSecret(node, "kurrentdb/missing", ErrorCode.SECRET_UNREADABLE);
    failWithSecret(node, Node.PASSWORD, ErrorCode.BAD_OPTION);
    show(() -> node.read().option("passwordSecret", PASSWORD_SECRET).load().count());
    show(() -> node.read().schema("no_such_column STRING").load().collectAsList());
    show(
        () ->
            node.read(URI.create("grpc+tls://" + Node.USER + ":" + Node.PASSWORD + "@localhost:1"))
                .load()
                .count());
    show(
        () ->
            node.readStream(node.kurrentdb().endpoint())
                .schema("no_such_column STRING")
                .load()
                .writeStream()
                .format("noop")
                .trigger(Trigger.AvailableNow())
                .start()
                .awaitTermination());
    node.kurrentdb().stop();
    show(() -> node.read().option("maxRetries", 1).load().count());
  }

  private void failWithSecret(Node node, String secret, ErrorCode expected) {
    show(
        () ->
            SharedSpark.session()
                .read()
                .format(KurrentDbSource.NAME)
                .options(withSecret(node, secret))
                .load()
                .count());
    assertThat(shown.get(shown.size() - 1)).contains(expected.code());
  }

  private interface Failing {
    void run() throws Exception;
  }

  private void show(Failing action) {
    var failure = catchThrowable(action::run);
    assertThat(failure).isNotNull();
    shown.add(Throwables.getStackTraceAsString(failure));
  }

  private void explain(Dataset<Row> rows) {
    for (var mode : List.of("extended", "formatted", "codegen", "cost")) {
      shown.add(rows.queryExecution().explainString(ExplainMode.fromString(mode)));
    }
  }

  private Stream<String> files(String name) {
    try (var found = Files.walk(directory.resolve(name))) {
      var texts = new ArrayList<String>();
      for (var file : found.filter(Files::isRegularFile).toList()) {
        texts.add(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
      return texts.stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
