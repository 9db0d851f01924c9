package io.github.kurrentlake.lakebase.source;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers as Postgres sends them, highest byte first. */
final class NetworkOrder {
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private NetworkOrder() {}

  static short shortAt(byte[] data, int at) {
    return (short) SHORTS.get(data, at);
  }

  static int intAt(byte[] data, int at) {
    return (int) INTS.get(data, at);
  }

  static long longAt(byte[] data, int at) {
    return (long) LONGS.get(data, at);
  }
}
