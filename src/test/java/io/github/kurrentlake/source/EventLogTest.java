package io.github.kurrentlake.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.source.EventLog.TypeOfEvents;
import io.github.kurrentlake.testing.KurrentDbs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
  private static final long TIME = 1_738_168_933_527L;

  @TempDir private Path directory;

  @Test
  void whatALogHoldsIsKnownByCategoryAndType() throws IOException {
    try (var node = EmbeddedKurrentDb.builder().start()) {
      node.append(
          Stream.of(
              event(100, "order-1", "Placed"),
              event(200, "order-2", "Placed"),
              event(300, "order-1", "Paid"),
              event(400, "parcel-1", "Placed")));
      try (var connection = KurrentDbs.reach(node, directory).connect(16 << 20)) {
        assertThat(new EventLog(connection, "").types())
            .containsExactly(
                new TypeOfEvents("order", "Paid", 1, TIME + 300, 300),
                new TypeOfEvents("order", "Placed", 2, TIME + 200, 200),
                new TypeOfEvents("parcel", "Placed", 1, TIME + 400, 400));
      }
    }
  }

  private static LogRecord event(long position, String stream, String type) {
    return LogRecord.json(position, position / 100, TIME + position, stream, type, null, "{}");
  }
}
