package io.github.kurrentlake.embedded.kurrentdb;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The lines of a stream of bytes, one at a time in a buffer that grows with the longest line. What
 * follows the last newline is a line too, but not an {@linkplain #ended() ended} one.
 */
final class ByteLines implements Closeable {
  private final InputStream in;
  private byte[] buffer = new byte[1 << 16];
  private int filled;
  private int offset;
  private int length;
  private int following;
  private boolean ended;
  private long consumed;

  ByteLines(InputStream in) {
    this.in = in;
  }

  /** Goes to the next line; false at the end. */
  boolean next() throws IOException {
    offset = following;
    var scanned = offset;
    while (true) {
      for (var i = scanned; i < filled; i++) {
        if (buffer[i] == '\n') {
          return found(i, i + 1, true);
        }
      }
      scanned = filled;
      if (filled == buffer.length) {
        scanned -= makeRoom();
      }
      var read = in.read(buffer, filled, buffer.length - filled);
      if (read < 0) {
        return offset < filled && found(filled, filled, false);
      }
      filled += read;
    }
  }

  private boolean found(int end, int next, boolean newline) {
    length = end - offset;
    consumed += next - offset;
    following = next;
    ended = newline;
    return true;
  }

  /** By how much what is in the buffer moved to its beginning. */
  private int makeRoom() {
    var moved = offset;
    if (moved > 0) {
      System.arraycopy(buffer, offset, buffer, 0, filled - offset);
      filled -= moved;
      offset = 0;
    } else {
      buffer = Arrays.copyOf(buffer, Math.multiplyExact(buffer.length, 2));
    }
    return moved;
  }

  /** Holds the line from {@link #offset()}; valid until the next call of {@link #next()}. */
  byte[] buffer() {
    return buffer;
  }

  int offset() {
    return offset;
  }

  /** Without the newline. */
  int length() {
    return length;
  }

  /** Whether a newline closes the line. */
  boolean ended() {
    return ended;
  }

  /** Bytes up to and with the line, newline included. */
  long consumed() {
    return consumed;
  }

  boolean blank() {
    for (var i = offset; i < offset + length; i++) {
      if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
