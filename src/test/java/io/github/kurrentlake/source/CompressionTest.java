package io.github.kurrentlake.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.loans.SampleLoans;
import io.github.kurrentlake.testing.SharedSpark;
import io.github.kurrentlake.testing.WireProxy;
import java.io.IOException;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class CompressionTest {
  /** As many as it takes to meet a message whose compressed end an older client missed. */
  private static final int LOANS = 100_000;

  private static final String COLUMNS =
      "log_position, commit_position, stream_revision, created_at, stream, schema_name, category,"
          + " record_id, data, metadata";

  /** Less than the events take, and more than what is left of them in gzip. */
  private static final long BYTES = 60_000_000;

  @Test
  void whatANodeCompressesIsRead() throws IOException {
    try (var plain = EmbeddedKurrentDb.builder().insecure().start();
        var compressing = EmbeddedKurrentDb.builder().insecure().gzip().start();
        var plainWire = WireProxy.to(plain.endpoint());
        var compressedWire = WireProxy.to(compressing.endpoint())) {
      plain.append(SampleLoans.seed(1).records(LOANS));
      compressing.append(SampleLoans.seed(1).records(LOANS));
      plainWire.cutAfter(BYTES, 1);
      compressedWire.cutAfter(BYTES, 1);

      var read = read(compressedWire, 0);
      assertThat(read.getLong(0)).isGreaterThan(LOANS);
      assertThat(read).isEqualTo(read(plainWire, 1));
      assertThat(plainWire.faultsLeft()).isZero();
      assertThat(compressedWire.faultsLeft()).isOne();
    }
  }

  private static Row read(WireProxy wire, int retries) {
    return SharedSpark.session()
        .read()
        .format(KurrentDbSource.NAME)
        .option("endpoint", wire.endpoint().toString())
        .option("category", "loanRequest")
        .option("maxRetries", retries)
        .option("retryWait", "20ms")
        .load()
        .selectExpr("count(*)", "sum(hash(" + COLUMNS + "))")
        .head();
  }
}
