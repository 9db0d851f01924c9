package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads one message of Postgres' plugin {@code pgoutput}, protocol version 1. */
final class LogMessages {
  private final byte[] data;
  private int at;

  /** A message that lies somewhere in an array; its first byte is its kind. */
  LogMessages(byte[] data, int at) {
    this.data = data;
    this.at = at;
  }

  /** A transaction: where its commit stands, when it was, and its number's lower 32 bits. */
  record Begin(long commit, long postgresMicros, long xid) {}

  /**
   * A table as it was when the next changes were written.
   *
   * @param identity the columns whose former values are in the log, which FULL makes all of them
   */
  record Relation(int id, List<String> columns, List<String> identity) {}

  /** The values of a row, as places in the message. */
  static final class Tuple {
    private final byte[] data;
    private final byte[] kinds;
    private final int[] offsets;
    private final int[] lengths;

    private Tuple(byte[] data, int columns) {
      this.data = data;
      this.kinds = new byte[columns];
      this.offsets = new int[columns];
      this.lengths = new int[columns];
    }

    /** {@code n} null, {@code u} unchanged and not sent, {@code t} text. */
    char kind(int column) {
      return (char) kinds[column];
    }

    byte[] data() {
      return data;
    }

    int offset(int column) {
      return offsets[column];
    }

    int length(int column) {
      return lengths[column];
    }

    boolean isSame(int column, Tuple other) {
      return Arrays.equals(
          data,
          offsets[column],
          offsets[column] + lengths[column],
          other.data,
          other.offsets[column],
          other.offsets[column] + other.lengths[column]);
    }
  }

  char kind() {
    return (char) data[at++];
  }

  Begin begin() {
    var commit = nextLong();
    var micros = nextLong();
    return new Begin(commit, micros, nextInt() & 0xffffffffL);
  }

  int relationId() {
    return nextInt();
  }

  Relation relation() {
    var id = nextInt();
    nextText();
    nextText();
    at++;
    var count = nextShort();
    var columns = new ArrayList<String>();
    var identity = new ArrayList<String>();
    for (var column = 0; column < count; column++) {
      var isIdentity = data[at++] == 1;
      columns.add(nextText());
      if (isIdentity) {
        identity.add(columns.get(column));
      }
      at += 8;
    }
    return new Relation(id, columns, identity);
  }

  Tuple tuple() {
    var tuple = new Tuple(data, nextShort());
    for (var column = 0; column < tuple.kinds.length; column++) {
      tuple.kinds[column] = data[at++];
      if (tuple.kinds[column] == 't') {
        tuple.lengths[column] = nextInt();
        tuple.offsets[column] = at;
        at += tuple.lengths[column];
      } else if (tuple.kinds[column] != 'n' && tuple.kinds[column] != 'u') {
        throw ErrorCode.INTERNAL.error().with("pgoutput", tuple.kind(column));
      }
    }
    return tuple;
  }

  private short nextShort() {
    at += 2;
    return NetworkOrder.shortAt(data, at - 2);
  }

  private int nextInt() {
    at += 4;
    return NetworkOrder.intAt(data, at - 4);
  }

  private long nextLong() {
    at += 8;
    return NetworkOrder.longAt(data, at - 8);
  }

  private String nextText() {
    var from = at;
    while (data[at] != 0) {
      at++;
    }
    at++;
    return new String(data, from, at - 1 - from, StandardCharsets.UTF_8);
  }
}
