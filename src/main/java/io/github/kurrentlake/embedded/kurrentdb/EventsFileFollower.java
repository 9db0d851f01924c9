package io.github.kurrentlake.embedded.kurrentdb;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Reads on in an events file while lines are appended to it; see {@link EventsFile#follow}. It
 * looks at the file every 200 ms on a thread of its own, and never at the same time as anything
 * else of it. Closing it stops after the batch in hand; nothing is left behind.
 */
public final class EventsFileFollower implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 200;
  private static final int BATCH = 10_000;

  /** Anyone who appends a wrong file should still see the first lines of what is said about it. */
  private static final int REPORTS_PER_LOOK = 20;

  private final EventsFile file;
  private final Consumer<List<LogRecord>> batches;
  private final Consumer<KurrentlakeException> defects;
  private final EventsFileOrder order;
  private final JsonEventLine parser;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::watch, "events-file-follower");

  private Object identity;
  private long position;
  private long seenSize;
  private long line;

  /** The last record was taken although its line had not ended: what follows is the same line. */
  private boolean insideLine;

  private boolean following;

  /** Loads what is there; following begins with {@link #start()}. */
  EventsFileFollower(
      EventsFile file, Consumer<List<LogRecord>> batches, Consumer<KurrentlakeException> defects) {
    this.file = file;
    this.batches = batches;
    this.defects = defects;
    this.order = new EventsFileOrder(file.path());
    this.parser = new JsonEventLine(order);
    this.following = file.format() == EventsFile.Format.JSON_LINES;
    if (following) {
      loadLines();
    } else {
      loadOnce();
    }
    thread.setDaemon(true);
  }

  EventsFileFollower start() {
    if (following) {
      thread.start();
    }
    return this;
  }

  /** Stops following and waits for the batch in hand. May be called twice. */
  @Override
  public void close() {
    closed.countDown();
    try {
      if (Thread.currentThread() != thread) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One look at the file. */
  void poll() {
    if (!following) {
      return;
    }
    try {
      var attributes = attributes();
      if (!Objects.equals(identity, attributes.fileKey())) {
        stop("the file was replaced by another one");
      } else if (attributes.size() < position) {
        stop("the file became shorter than what was already read of it");
      } else if (attributes.size() != seenSize) {
        seenSize = attributes.size();
        readAppended();
      }
    } catch (NoSuchFileException e) {
      stop("the file was removed");
    } catch (IOException e) {
      following = false;
      defects.accept(file.unreadable(e));
    }
  }

  private void watch() {
    try {
      while (following && !closed.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
        poll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (KurrentlakeException e) {
      following = false;
      defects.accept(e);
    } catch (RuntimeException e) {
      following = false;
      defects.accept(ErrorCode.INTERNAL.error().with("file", file.path()).causedBy(e));
    }
  }

  private void stop(String reason) {
    following = false;
    defects.accept(
        ErrorCode.BAD_EVENTS_FILE
            .error()
            .with("file", file.path())
            .with("line", line)
            .with("reason", reason + "; it is no longer followed, restart to load it again"));
  }

  private void loadOnce() {
    try (var records = file.records()) {
      var batch = new ArrayList<LogRecord>();
      records.forEach(
          loaded -> {
            batch.add(loaded);
            if (batch.size() == BATCH) {
              handOver(batch);
            }
          });
      handOver(batch);
    }
  }

  private void loadLines() {
    try {
      var attributes = attributes();
      identity = attributes.fileKey();
      seenSize = attributes.size();
      readLines(
          new LineReader() {
            @Override
            public void defective(KurrentlakeException defect) {
              throw defect;
            }

            @Override
            public LogRecord unended(ByteLines lines, long number) {
              return lastOfLoad(lines, number);
            }
          });
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }

  /**
   * A file often has no last newline. No part of a JSON object is one, so a record that can be read
   * is whole; otherwise someone may be writing it right now.
   */
  private LogRecord lastOfLoad(ByteLines lines, long number) {
    try {
      return parser.parse(lines, number);
    } catch (KurrentlakeException e) {
      defects.accept(
          order
              .defect(number, null, "the last line has not ended; it is read when it has")
              .causedBy(e));
      return null;
    }
  }

  private void readAppended() throws IOException {
    var reports = new Reports();
    readLines(
        new LineReader() {
          @Override
          public void defective(KurrentlakeException defect) {
            reports.add(defect);
          }

          @Override
          public LogRecord unended(ByteLines lines, long number) {
            return null;
          }
        });
    reports.finish();
  }

  /** What to do with lines that are not simply a record. */
  private interface LineReader {
    void defective(KurrentlakeException defect);

    /** The record of a line without newline, or null to wait for the rest of it. */
    LogRecord unended(ByteLines lines, long number);
  }

  private void readLines(LineReader reader) throws IOException {
    var start = position;
    var batch = new ArrayList<LogRecord>();
    try (var channel = FileChannel.open(file.path(), StandardOpenOption.READ);
        var lines = new ByteLines(Channels.newInputStream(channel.position(start)))) {
      while (closed.getCount() > 0 && lines.next()) {
        var number = insideLine ? line : line + 1;
        if (!lines.ended()) {
          var last = lines.blank() ? null : reader.unended(lines, number);
          if (last == null) {
            break;
          }
          batch.add(last);
        } else if (!lines.blank()) {
          try {
            batch.add(parser.parse(lines, number));
          } catch (KurrentlakeException e) {
            reader.defective(e);
          }
        }
        line = number;
        insideLine = !lines.ended();
        position = start + lines.consumed();
        if (batch.size() >= BATCH) {
          handOver(batch);
        }
      }
    }
    handOver(batch);
  }

  private void handOver(List<LogRecord> batch) {
    if (!batch.isEmpty()) {
      batches.accept(List.copyOf(batch));
      batch.clear();
    }
  }

  private BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(file.path(), BasicFileAttributes.class);
  }

  /** Reports the first defects of one look one by one, and the others as a number. */
  private final class Reports {
    private int more;
    private int reported;

    void add(KurrentlakeException defect) {
      if (reported < REPORTS_PER_LOOK) {
        reported++;
        defects.accept(defect);
      } else {
        more++;
      }
    }

    void finish() {
      if (more > 0) {
        defects.accept(order.defect(line, null, more + " more lines before here were left out"));
      }
    }
  }
}
