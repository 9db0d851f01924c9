package io.github.kurrentlake.loans;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.embedded.loans.SampleLoans;
import io.github.kurrentlake.payload.PayloadReader;
import io.github.kurrentlake.silver.Projection;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a payload is, its event lands in Silver with all it holds, or is refused with a reason;
 * Jackson's tree of the payload tells which, and what the values are.
 */
class HostilePayloadsTest {
  private static final int PER_PROJECTION = 24_000;
  private static final long SEED = 20250129;
  private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
  private static final List<LogRecord> SAMPLE = sample();

  static List<Projection> projections() {
    return Loans.projections();
  }

  @ParameterizedTest
  @MethodSource("projections")
  void everyPayloadGivesWhatItsTreeHoldsOrAReason(Projection projection) {
    var reader = new PayloadReader(projection.fields(), ZONE);
    var oracle = new TreeOracle(projection.fields(), ZONE);
    var mutations = new Mutations(SEED);
    var originals =
        SAMPLE.stream()
            .filter(record -> projection.eventTypes().contains(record.schemaName()))
            .toList();
    var refused = 0;
    for (var i = 0; i < PER_PROJECTION; i++) {
      var original = originals.get(i % originals.size());
      var payload = mutations.mutate(original.data(), projection);
      var bytes = payload == null ? null : mutations.spoil(payload.getBytes(UTF_8));
      var read = reader.read(bytes, original.stream());
      refused += read.errors().isEmpty() ? 0 : 1;
      assertThat(oracle.objections(bytes, original.stream(), read))
          .as(() -> bytes == null ? "no payload" : new String(bytes, UTF_8))
          .isEmpty();
    }
    // Neither all nor nothing, or the payloads test nothing.
    assertThat(refused).isBetween(PER_PROJECTION / 5, PER_PROJECTION * 4 / 5);
  }

  private static List<LogRecord> sample() {
    var records = new ArrayList<LogRecord>();
    SampleLoans.seed(SEED).records(2_000).forEachRemaining(records::add);
    return records;
  }
}
