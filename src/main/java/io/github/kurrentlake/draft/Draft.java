package io.github.kurrentlake.draft;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.source.EventLog;
import io.github.kurrentlake.source.EventLog.TypeOfEvents;
import io.github.kurrentlake.source.KurrentDb;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;

/**
 * A pipeline that the events of a category suggest. Each event type becomes a table; of its events
 * a thousand are read at most, from all parts of the log.
 *
 * @param projections by the position of their newest event, the oldest first
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
      var projections = new ArrayList<DraftProjection>();
      var tables = new HashSet<String>();
      for (var type : types) {
        var name = Names.snake(type.schemaName());
        var free = name;
        for (var number = 2; !tables.add(free); number++) {
          free = name + "_" + number;
        }
        projections.add(Guess.of(EventSample.of(log, type), free));
      }
      return new Draft(category, projections);
    }
  }

  /** What the pipeline is called. */
  public String name() {
    return Names.snake(category);
  }
}
