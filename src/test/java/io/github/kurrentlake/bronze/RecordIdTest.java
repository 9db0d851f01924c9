package io.github.kurrentlake.bronze;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.testing.SharedSpark;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.UUID;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;

class RecordIdTest {
  private static final UUID ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

  @Test
  void aGuidsMemoryIsTheUuidThatWasWritten() {
    assertThat(uuid(guid(ID))).isEqualTo(ID.toString());
  }

  @Test
  void anEventFromBeforeIdsWereIndexedHasNone() {
    assertThat(uuid(new byte[0])).isNull();
    assertThat(uuid(null)).isNull();
  }

  private static String uuid(byte[] memory) {
    var spark = SharedSpark.session();
    var rows =
        memory == null
            ? spark.sql("SELECT CAST(NULL AS BINARY) AS record_id")
            : spark.createDataset(List.of(memory), Encoders.BINARY()).toDF("record_id");
    return rows.select(RecordId.uuid(functions.col("record_id"))).head().getString(0);
  }

  private static byte[] guid(UUID id) {
    var high = id.getMostSignificantBits();
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt((int) (high >>> 32))
        .putShort((short) (high >>> 16))
        .putShort((short) high)
        .order(ByteOrder.BIG_ENDIAN)
        .putLong(id.getLeastSignificantBits())
        .array();
  }
}
