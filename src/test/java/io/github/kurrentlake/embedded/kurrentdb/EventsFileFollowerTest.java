package io.github.kurrentlake.embedded.kurrentdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks at the file by hand, so that no test waits; only one watches with the real thread. */
class EventsFileFollowerTest {
  @TempDir Path directory;

  private final List<LogRecord> loaded = new ArrayList<>();
  private final List<KurrentlakeException> defects = new ArrayList<>();
  private Path file;

  @BeforeEach
  void writeTheFile() throws IOException {
    file = directory.resolve("events.jsonl");
    Files.writeString(file, line(1, "a") + line(2, "b") + line(3, "a"));
  }

  @Test
  void whatIsThereIsLoadedBeforeFollowingBegins() {
    follower();

    assertThat(positions()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void appendedLinesFollowWithRevisionsThatGoOn() throws IOException {
    var follower = follower();

    append(line(4, "a") + line(5, "b"));
    follower.poll();
    follower.poll();

    assertThat(positions()).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(loaded).extracting(LogRecord::streamRevision).containsExactly(0L, 0L, 1L, 2L, 1L);
    assertThat(defects).isEmpty();
  }

  @Test
  void aLineIsTakenOnlyWhenItHasEnded() throws IOException {
    var follower = follower();
    var whole = line(4, "a");

    append(whole.substring(0, 20));
    follower.poll();
    append(whole.substring(20, whole.length() - 1));
    follower.poll();
    assertThat(loaded).hasSize(3);

    append("\n");
    follower.poll();
    assertThat(positions()).containsExactly(1L, 2L, 3L, 4L);
    assertThat(defects).isEmpty();
  }

  @Test
  void aBadLineIsReportedAndTheGoodOnesAroundItLoad() throws IOException {
    var follower = follower();

    append(line(4, "a") + "oops\n" + line(3, "a") + line(5, "a"));
    follower.poll();

    assertThat(positions()).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(loaded.get(4).streamRevision()).isEqualTo(3);
    assertThat(defects).hasSize(2).allMatch(e -> e.code() == ErrorCode.BAD_EVENTS_FILE);
    assertThat(defects.get(0)).hasMessageContaining("line: 5").hasMessageContaining("valid JSON");
    assertThat(defects.get(1)).hasMessageContaining("line: 6").hasMessageContaining("must ascend");
  }

  @Test
  void aFloodOfBadLinesIsReportedInPart() throws IOException {
    var follower = follower();

    append("oops\n".repeat(1_000) + line(4, "a"));
    follower.poll();

    assertThat(loaded).hasSize(4);
    assertThat(defects).hasSize(21);
    assertThat(defects.get(20)).hasMessageContaining("980 more lines");
  }

  @Test
  void aBadLineBeforeFollowingIsAnError() throws IOException {
    append("oops\n");

    assertThatExceptionOfType(KurrentlakeException.class)
        .isThrownBy(this::follower)
        .matches(e -> e.code() == ErrorCode.BAD_EVENTS_FILE)
        .withMessageContaining("line: 4");
  }

  @Test
  void theLastNewlineMayBeMissingWhenFollowingBegins() throws IOException {
    var unended = line(4, "a").stripTrailing();
    append(unended);

    var follower = follower();
    assertThat(positions()).containsExactly(1L, 2L, 3L, 4L);
    append("\n" + line(5, "a") + "oops\n");
    follower.poll();

    assertThat(positions()).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(defects).hasSize(1);
    assertThat(defects.get(0)).hasMessageContaining("line: 6");
  }

  @Test
  void linesAppendedAfterAMissingNewlineStillLoad() throws IOException {
    append(line(4, "a").stripTrailing());

    var follower = follower();
    append(line(5, "a"));
    follower.poll();

    assertThat(positions()).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(defects).isEmpty();
  }

  @Test
  void aHalfWrittenLineWhenFollowingBeginsIsReportedAndReadOnceItHasEnded() throws IOException {
    var whole = line(4, "a");
    append(whole.substring(0, 30));

    var follower = follower();
    assertThat(loaded).hasSize(3);
    assertThat(defects).hasSize(1);
    assertThat(defects.get(0)).hasMessageContaining("line: 4").hasMessageContaining("not ended");

    append(whole.substring(30));
    follower.poll();
    assertThat(positions()).containsExactly(1L, 2L, 3L, 4L);
    assertThat(defects).hasSize(1);
  }

  @Test
  void aFileThatShrinksIsReportedOnceAndNoLongerFollowed() throws IOException {
    var follower = follower();

    Files.writeString(file, line(1, "a"));
    follower.poll();
    append(line(4, "a").repeat(5));
    follower.poll();

    assertThat(loaded).hasSize(3);
    assertThat(defects).hasSize(1);
    assertThat(defects.get(0)).hasMessageContaining("became shorter");
  }

  @Test
  void aFileThatIsReplacedOrRemovedIsReported() throws IOException {
    var replaced = follower();
    var other = directory.resolve("other");
    Files.writeString(other, line(7, "a").repeat(10));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    replaced.poll();
    assertThat(defects).hasSize(1);
    assertThat(defects.get(0)).hasMessageContaining("replaced by another one");

    Files.writeString(file, line(1, "a"));
    var removed = follower();
    Files.delete(file);
    removed.poll();
    assertThat(defects).hasSize(2);
    assertThat(defects.get(1)).hasMessageContaining("was removed");
  }

  @Test
  void manyRecordsComeInSeveralBatches() throws IOException {
    var text = new StringBuilder();
    for (var i = 4; i < 25_000; i++) {
      text.append(line(i, "a"));
    }
    append(text.toString());
    var sizes = new ArrayList<Integer>();

    var follower =
        new EventsFileFollower(EventsFile.at(file), batch -> sizes.add(batch.size()), defects::add);

    assertThat(sizes).containsExactly(10_000, 10_000, 4_999);
    append(line(30_000, "a"));
    follower.poll();
    assertThat(sizes).hasSize(4).last().isEqualTo(1);
  }

  @Test
  void aFileThatCannotBeAppendedToIsLoadedAndLeftAlone() throws IOException {
    file = directory.resolve("events.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(line(1, "a").getBytes(StandardCharsets.UTF_8));
    }

    var follower = follower();
    append(line(2, "a"));
    follower.poll();

    assertThat(positions()).containsExactly(1L);
    assertThat(defects).isEmpty();
  }

  @Test
  void theThreadReadsOnUntilItIsClosed() throws IOException, InterruptedException {
    var batches = new LinkedBlockingQueue<List<LogRecord>>();
    var reports = new LinkedBlockingQueue<KurrentlakeException>();

    try (var follower = EventsFile.at(file).follow(batches::add, reports::add)) {
      assertThat(follower).isNotNull();
      assertThat(batches.poll(30, TimeUnit.SECONDS)).hasSize(3);
      append(line(4, "a"));
      assertThat(batches.poll(30, TimeUnit.SECONDS))
          .extracting(LogRecord::logPosition)
          .containsExactly(4L);
      append("oops\n");
      assertThat(reports.poll(30, TimeUnit.SECONDS)).hasMessageContaining("line: 5");
      append(line(5, "a"));
      assertThat(batches.poll(30, TimeUnit.SECONDS)).hasSize(1);
    }

    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("events-file-follower"));
  }

  @Test
  void aReceiverThatFailsEndsTheFollowingWithAReport() throws IOException, InterruptedException {
    var reports = new LinkedBlockingQueue<KurrentlakeException>();
    try (var follower =
        EventsFile.at(file)
            .follow(
                batch -> {
                  if (batch.get(0).logPosition() > 3) {
                    throw new IllegalStateException("no room");
                  }
                },
                reports::add)) {
      assertThat(follower).isNotNull();
      append(line(4, "a"));

      assertThat(reports.poll(30, TimeUnit.SECONDS))
          .matches(e -> e.code() == ErrorCode.INTERNAL)
          .hasRootCauseMessage("no room");
    }
  }

  private EventsFileFollower follower() {
    return new EventsFileFollower(EventsFile.at(file), loaded::addAll, defects::add);
  }

  private List<Long> positions() {
    return loaded.stream().map(LogRecord::logPosition).toList();
  }

  private void append(String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.APPEND);
  }

  private static String line(long position, String stream) {
    return """
    {"log_position":%d,"stream":"%s","schema_name":"T","created_at":5,"data":"{}"}
    """
        .formatted(position, stream);
  }
}
