package io.github.kurrentlake.replay;

import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.table.Lakehouse;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is made again.
 *
 * @param lakehouse where the tables lie
 * @param lifecycle the Silver and Gold tables
 * @param zone the zone of timestamps that name none
 * @param kurrentdb what Bronze is made again of; empty to begin with Bronze as it is stored. What
 *     only Bronze still has stays in it
 * @param projections the Silver tables; empty for all
 * @param stream the only stream whose rows are made again; empty for all
 * @param version the version of Bronze that is read, which only a dry run may give
 * @param onceCompared what is done with the new rows
 */
public record ReplayOptions(
    Lakehouse lakehouse,
    Lifecycle lifecycle,
    ZoneId zone,
    Optional<BronzeOptions> kurrentdb,
    List<String> projections,
    Optional<String> stream,
    OptionalLong version,
    OnceCompared onceCompared) {

  /** What is done once the new rows are compared. */
  public enum OnceCompared {
    /** Nothing: the differences are shown, and the new rows removed. */
    SHOW,
    /** The tables are switched where a changed declaration explains the differences. */
    SWITCH,
    /** The tables are switched. */
    SWITCH_WHATEVER_DIFFERS
  }

  public ReplayOptions {
    projections = List.copyOf(projections);
    if (version.isPresent() && onceCompared != OnceCompared.SHOW) {
      throw new IllegalArgumentException("of a former version only the differences can be shown");
    }
    if (kurrentdb.isPresent() && (stream.isPresent() || version.isPresent())) {
      throw new IllegalArgumentException("a stream or a version is one of Bronze");
    }
  }

  /** Whether no other Bronze is made. */
  boolean readsBronzeAsItIs() {
    return kurrentdb.isEmpty() && stream.isEmpty() && version.isEmpty();
  }

  List<Projection> replayed() {
    return lifecycle.projections().stream()
        .filter(projection -> projections.isEmpty() || projections.contains(projection.name()))
        .toList();
  }
}
