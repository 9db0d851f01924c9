package io.github.kurrentlake.erase;

import java.time.Instant;
import java.util.Optional;

/**
 * Where an erased stream may still stand.
 *
 * @param table the table
 * @param rows how many rows of it the table shows
 * @param filesUntil until when VACUUM has to keep the files that the table no longer shows; empty
 *     when there are none
 */
public record Standing(String table, long rows, Optional<Instant> filesUntil) {}
