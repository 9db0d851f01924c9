package io.github.kurrentlake.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.base.Throwables;
import io.github.kurrentlake.testing.SharedSpark;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads, streams and fails with a password that must not be found anywhere afterwards. */
class SecretsTest {
  private static final List<String> CANARIES =
      Stream.of(Node.PASSWORD, Node.USER + ":" + Node.PASSWORD, "in-" + Node.PASSWORD)
          .flatMap(text -> Stream.of(text, base64(text)))
          .toList();

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
    try (var node = Node.start(Files.createDirectory(directory.resolve("node")))) {
      node.kurrentdb().append(Node.orders(1, 200, 20));
      succeed(node);
      fail(node);
    } finally {
      spark.sparkContext().listenerBus().waitUntilEmpty();
      spark.sparkContext().removeSparkListener(events);
      events.stop();
      root.removeAppender("canary");
      root.setLevel(level);
      log4j.updateLoggers();
    }
    var written = Stream.of("event-logs", "checkpoint", "table").flatMap(this::files).toList();
    // What is searched has seen the reads.
    assertThat(logs.toString()).contains("kurrentdb");
    assertThat(files("event-logs")).anyMatch(text -> text.contains("kurrentdb kdb.records"));
    assertThat(files("checkpoint")).anyMatch(text -> text.contains("log_position"));
    assertThat(shown).hasSizeGreaterThan(6);
    assertThat(Stream.of(shown, written, List.of(logs.toString())).flatMap(List::stream))
        .allSatisfy(text -> assertThat(CANARIES).noneMatch(text::contains));
  }

  private void succeed(Node node) throws Exception {
    var endpoint = node.kurrentdb().endpoint();
    var rows = node.read().load().filter("category = 'order'");
    rows.write().format("delta").save(directory.resolve("table").toString());
    explain(rows);
    explain(node.read().load().groupBy("category").count());
    var query =
        node.readStream(endpoint)
            .load()
            .writeStream()
            .format("delta")
            .option("checkpointLocation", directory.resolve("checkpoint").toString())
            .trigger(Trigger.AvailableNow())
            .start(directory.resolve("table").toString());
    query.awaitTermination();
    shown.add(query.lastProgress().json());
    shown.add(ReadRequest.of(node.options()).toString());
  }

  private void fail(Node node) throws IOException {
    var wrong = directory.resolve("wrong");
    Files.writeString(wrong, "in-" + Node.PASSWORD);
    show(() -> node.read().option("passwordFile", wrong.toString()).load().count());
    show(() -> node.read().option("password", Node.PASSWORD).load().count());
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
