package io.github.kurrentlake.source;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * KurrentDB gives a record id as a .NET Guid's memory, whose first three groups are little-endian.
 */
public final class RecordIds {
  private static final int BYTES = 16;

  private RecordIds() {}

  /** The UUID that the producer wrote; empty when KurrentDB has no id. */
  public static Optional<UUID> uuid(byte[] memory) {
    if (memory == null || memory.length != BYTES) {
      return Optional.empty();
    }
    var guid = ByteBuffer.wrap(memory);
    var high =
        (long) Integer.reverseBytes(guid.getInt()) << 32
            | (Short.reverseBytes(guid.getShort()) & 0xFFFFL) << 16
            | (Short.reverseBytes(guid.getShort()) & 0xFFFFL);
    return Optional.of(new UUID(high, guid.getLong()));
  }
}
