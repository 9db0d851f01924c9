package io.github.kurrentlake.draft;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.source.EventLog;
import io.github.kurrentlake.source.EventLog.Payload;
import io.github.kurrentlake.source.EventLog.TypeOfEvents;
import io.github.kurrentlake.source.KurrentDb;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;

/**
 * A pipeline that the events of a category suggest. Each event type becomes a table; of its events
 * a thousand are read at most, from all parts of the log.
 *
 * @param projections in the order in which their event types first appear
 */
public record Draft(String category, List<DraftProjection> projections) {
  private static final long QUESTION_MEMORY = 256L << 20;

  public Draft {
    projections = List.copyOf(projections);
  }

  /**
   * Reads samples of a category.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-208 when it holds no event, KL-201
   *     to KL-216 for what KurrentDB refuses
   */
  public static Draft of(KurrentDb kurrentdb, String category) {
    try (var connection = kurrentdb.connect(QUESTION_MEMORY)) {
      var log = new EventLog(connection, category);
      var types =
          log.types().stream()
              .filter(type -> type.category().equals(category))
              .sorted(Comparator.comparing(TypeOfEvents::schemaName))
              .toList();
      if (types.isEmpty()) {
        throw ErrorCode.UNKNOWN_CATEGORY
            .error()
            .with("category", category)
            .with("endpoint", kurrentdb.endpoint());
      }
      var begins = new HashMap<String, Long>();
      var found = new ArrayList<DraftProjection>();
      for (var type : types) {
        var sample = EventSample.of(log, type);
        begins.put(
            type.schemaName(),
            sample.payloads().stream().findFirst().map(Payload::position).orElse(Long.MAX_VALUE));
        found.addAll(Guess.of(sample, Names.snake(type.schemaName())));
      }
      found.sort(Comparator.comparing(one -> begins.get(one.type().schemaName())));
      var tables = new HashSet<String>();
      var projections = found.stream().map(one -> one.named(Names.free(one.table(), tables)));
      return new Draft(category, projections.toList());
    }
  }

  /** What the pipeline is called. */
  public String name() {
    return Names.snake(category);
  }
}
