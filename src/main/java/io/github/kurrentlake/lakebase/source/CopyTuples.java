package io.github.kurrentlake.lakebase.source;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import org.postgresql.copy.CopyOut;

/**
 * The rows of a COPY in Postgres' binary form, one at a time and without a copy of their values:
 * after {@link #nextRow} every column is a call of {@link #nextField}, whose bytes lie in {@link
 * #bytes} at {@link #offset}. Only the row that is read is in memory.
 */
final class CopyTuples {
  private static final byte[] SIGNATURE =
      "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);

  private final CopyOut copy;
  private byte[] data = {};
  private int at;
  private int field;
  private boolean begun;

  CopyTuples(CopyOut copy) {
    this.copy = copy;
  }

  /** Goes to the next row; false at the end. */
  boolean nextRow() throws SQLException {
    if (!begun) {
      begun = true;
      header();
    }
    require(2);
    var columns = NetworkOrder.shortAt(data, at);
    at += 2;
    if (columns < 0) {
      while (copy.readFromCopy() != null) {
        // Nothing follows but the end of the protocol's answer.
      }
      return false;
    }
    return true;
  }

  /** Goes to the next column and gives the length of its value in bytes; -1 for null. */
  int nextField() throws SQLException {
    require(4);
    var length = NetworkOrder.intAt(data, at);
    at += 4;
    if (length > 0) {
      require(length);
    }
    field = at;
    at += Math.max(0, length);
    return length;
  }

  byte[] bytes() {
    return data;
  }

  int offset() {
    return field;
  }

  private void header() throws SQLException {
    require(SIGNATURE.length + 8);
    if (!Arrays.equals(data, at, at + SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
      throw new SQLException("not the binary form of COPY");
    }
    at += SIGNATURE.length + 4;
    var extension = NetworkOrder.intAt(data, at);
    at += 4;
    require(extension);
    at += extension;
  }

  /** Postgres sends a row in one piece, but promises no more than a stream of bytes. */
  private void require(int length) throws SQLException {
    while (data.length - at < length) {
      var more = copy.readFromCopy();
      if (more == null) {
        throw new SQLException("COPY ended in the middle of a row");
      }
      if (at == data.length) {
        data = more;
      } else {
        var rest = data.length - at;
        var joined = new byte[rest + more.length];
        System.arraycopy(data, at, joined, 0, rest);
        System.arraycopy(more, 0, joined, rest, more.length);
        data = joined;
      }
      at = 0;
    }
  }
}
