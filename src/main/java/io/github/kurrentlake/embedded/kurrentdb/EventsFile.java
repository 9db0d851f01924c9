package io.github.kurrentlake.embedded.kurrentdb;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file of records to load, with the columns of {@code kdb.records}: JSON lines, JSON lines in
 * gzip, or Parquet; the content tells which, not the name.
 *
 * <p>Needed are {@code log_position} (ascending, not negative), {@code stream}, {@code
 * schema_name}, {@code created_at} (milliseconds since 1970) and {@code data} (the payload as text,
 * kept verbatim, or null). {@code stream_revision} is counted per stream when no record has it;
 * {@code record_id} is derived from the position when it is missing, and an empty one means a
 * record that was indexed before KurrentDB 26.1; {@code metadata} defaults to <code>{}</code> and
 * {@code schema_format} to {@code Json}. {@code expires_at}, {@code stream_hash} and {@code
 * deleted} may be there and are not read. Any other column is refused, since it would be lost.
 *
 * <pre>{@code
 * try (var records = EventsFile.at(path).records()) {
 *   records.forEach(server::append);
 * }
 * }</pre>
 *
 * <p>Every defect of the content is a {@link KurrentlakeException} with {@link
 * ErrorCode#BAD_EVENTS_FILE} and the details file, line (from 1; the row in Parquet), column where
 * one is to blame, and reason. A file that cannot be read is {@link ErrorCode#UNREADABLE_FILE}.
 */
public final class EventsFile {
  enum Format {
    JSON_LINES,
    GZIP,
    PARQUET
  }

  private static final byte[] PARQUET_MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] GZIP_MAGIC = {0x1F, (byte) 0x8B};
  private static final int BUFFER = 1 << 16;

  private final Path path;

  private EventsFile(Path path) {
    this.path = path;
  }

  /** Names the file; nothing is read yet. */
  public static EventsFile at(Path path) {
    return new EventsFile(path);
  }

  /**
   * The records in the order of the file, read as they are taken and never held together. An empty
   * file has none. Close the stream; it is for one thread.
   *
   * @throws KurrentlakeException here or while the stream is read, at the first defect
   */
  public Stream<LogRecord> records() {
    var in = open();
    try {
      return switch (format(in)) {
        case JSON_LINES -> lines(in);
        case GZIP -> lines(unzipped(in));
        case PARQUET -> {
          in.close();
          yield ParquetEvents.read(path);
        }
      };
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Loads the file, and then whatever is appended to it until the follower is closed. What is there
   * now must be free of defects; of what is appended later, a defective line is reported and left
   * out, and the lines after it still load. Only a line that ends in a newline is taken as whole. A
   * file that shrinks, is replaced or is removed is reported and no longer followed. Gzip and
   * Parquet cannot be appended to: they are loaded and then left alone.
   *
   * @param batches is given what was read, in order: first on this thread, then on the follower's
   * @param defects is given what was left out or why following ended
   * @throws KurrentlakeException at the first defect of what is there now
   */
  public EventsFileFollower follow(
      Consumer<List<LogRecord>> batches, Consumer<KurrentlakeException> defects) {
    return new EventsFileFollower(this, batches, defects).start();
  }

  Path path() {
    return path;
  }

  Format format() {
    try (var in = open()) {
      return format(in);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  KurrentlakeException unreadable(IOException cause) {
    return ErrorCode.UNREADABLE_FILE
        .error()
        .with("file", path)
        .with("reason", String.valueOf(cause))
        .causedBy(cause);
  }

  private InputStream open() {
    try {
      if (Files.isDirectory(path)) {
        throw new IOException("it is a directory");
      }
      return new BufferedInputStream(Files.newInputStream(path), BUFFER);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static Format format(InputStream in) throws IOException {
    in.mark(PARQUET_MAGIC.length);
    var magic = in.readNBytes(PARQUET_MAGIC.length);
    in.reset();
    if (Arrays.equals(magic, PARQUET_MAGIC)) {
      return Format.PARQUET;
    }
    var gzip = magic.length >= 2 && Arrays.equals(Arrays.copyOf(magic, 2), GZIP_MAGIC);
    return gzip ? Format.GZIP : Format.JSON_LINES;
  }

  private InputStream unzipped(InputStream in) throws IOException {
    try {
      return new GZIPInputStream(in, BUFFER);
    } catch (EOFException | ZipException e) {
      in.close();
      throw badGzip(new EventsFileOrder(path), 1, e);
    }
  }

  private static KurrentlakeException badGzip(EventsFileOrder order, long line, IOException e) {
    return order
        .defect(line, null, "the gzip data is damaged or cut off: " + e.getMessage())
        .causedBy(e);
  }

  private Stream<LogRecord> lines(InputStream in) {
    var lines = new ByteLines(in);
    return StreamSupport.stream(new LineRecords(lines), false)
        .onClose(
            () -> {
              try {
                lines.close();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  private final class LineRecords extends Spliterators.AbstractSpliterator<LogRecord> {
    private final ByteLines lines;
    private final EventsFileOrder order = new EventsFileOrder(path);
    private final JsonEventLine parser = new JsonEventLine(order);
    private long line;

    LineRecords(ByteLines lines) {
      super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
      this.lines = lines;
    }

    @Override
    public boolean tryAdvance(Consumer<? super LogRecord> action) {
      try {
        while (lines.next()) {
          line++;
          if (!lines.blank()) {
            action.accept(parser.parse(lines, line));
            return true;
          }
        }
        return false;
      } catch (EOFException | ZipException e) {
        throw badGzip(order, line + 1, e);
      } catch (IOException e) {
        throw unreadable(e);
      }
    }
  }
}
