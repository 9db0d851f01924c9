package io.github.kurrentlake.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.testing.SharedSpark;
import io.github.kurrentlake.testing.WireProxy;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class CompressionTest {
  private static final long EVENTS = 5_000;

  /** Less than the events take, and more than what is left of them in gzip. */
  private static final long BYTES = 500_000;

  @Test
  void whatANodeCompressesIsRead() throws IOException {
    try (var plain = EmbeddedKurrentDb.builder().insecure().start();
        var compressing = EmbeddedKurrentDb.builder().insecure().gzip().start();
        var plainWire = WireProxy.to(plain.endpoint());
        var compressedWire = WireProxy.to(compressing.endpoint())) {
      plain.append(Node.orders(1, EVENTS, 100));
      compressing.append(Node.orders(1, EVENTS, 100));
      plainWire.cutAfter(BYTES, 1);
      compressedWire.cutAfter(BYTES, 1);

      assertThat(read(compressedWire)).hasSize((int) EVENTS).isEqualTo(read(plainWire));
      assertThat(plainWire.faultsLeft()).isZero();
      assertThat(compressedWire.faultsLeft()).isOne();
    }
  }

  private static List<Row> read(WireProxy wire) {
    return SharedSpark.session()
        .read()
        .format(KurrentDbSource.NAME)
        .option("endpoint", wire.endpoint().toString())
        .option("retryWait", "20ms")
        .load()
        .orderBy("log_position")
        .collectAsList();
  }
}
