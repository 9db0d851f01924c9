package io.github.kurrentlake.gold;

import java.time.ZoneId;

/**
 * A lifecycle that is kept: under which name, and how its times are read.
 *
 * @param name the row of {@code ops.ingest_hwm} that holds how far the log was read
 * @param zone the zone of timestamps that name none
 * @param lifecycle the category's streams in Silver and Gold
 */
public record Pipeline(String name, ZoneId zone, Lifecycle lifecycle) {

  /** The same with another zone. */
  public Pipeline in(ZoneId other) {
    return new Pipeline(name, other, lifecycle);
  }
}
