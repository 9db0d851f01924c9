package io.github.kurrentlake.erase;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is kept of an erased stream: a row of {@code ops.erasures}.
 *
 * @param hash SHA-256 of its name
 * @param begunAt from when on it is kept out
 * @param doneAt when no table had a row of it any more; empty for one that was killed before
 * @param purgedAt when no file had one any more; empty while files may be there
 * @param rowsRemoved by table how many rows it had; tables without any are left out
 */
public record Erasure(
    String hash,
    Instant begunAt,
    Optional<Instant> doneAt,
    Optional<Instant> purgedAt,
    Map<String, Long> rowsRemoved) {

  public Erasure {
    rowsRemoved = Map.copyOf(rowsRemoved);
  }
}
