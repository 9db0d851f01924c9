package io.github.kurrentlake.lakebase.sync;

import java.util.Arrays;

/**
 * Lines of COPY's text format, built in one buffer that is used again and again. Values arrive as
 * UTF-8, so that no text is decoded and encoded on the way.
 */
final class CopyText {
  private static final byte[] NULL = {'\\', 'N'};

  private byte[] buffer;
  private int length;
  private boolean lineBegun;

  CopyText(int capacity) {
    this.buffer = new byte[capacity];
  }

  byte[] bytes() {
    return buffer;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  void appendNull() {
    separate();
    reserve(NULL.length);
    length = put(NULL, length);
  }

  /** Adds a value; backslash, tab, newline and carriage return would be read as something else. */
  void append(byte[] value) {
    separate();
    reserve(2 * value.length);
    var at = length;
    for (var next : value) {
      switch (next) {
        case '\\' -> at = put((byte) '\\', at);
        case '\t' -> at = put((byte) 't', at);
        case '\n' -> at = put((byte) 'n', at);
        case '\r' -> at = put((byte) 'r', at);
        default -> buffer[at++] = next;
      }
    }
    length = at;
  }

  void endLine() {
    reserve(1);
    buffer[length++] = '\n';
    lineBegun = false;
  }

  private void separate() {
    if (lineBegun) {
      reserve(1);
      buffer[length++] = '\t';
    }
    lineBegun = true;
  }

  private int put(byte escaped, int at) {
    buffer[at] = '\\';
    buffer[at + 1] = escaped;
    return at + 2;
  }

  private int put(byte[] value, int at) {
    System.arraycopy(value, 0, buffer, at, value.length);
    return at + value.length;
  }

  private void reserve(int more) {
    if (buffer.length - length < more) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more));
    }
  }
}
