package io.github.kurrentlake.job;

import java.time.Instant;

/**
 * The part of KurrentDB's log that a run has read.
 *
 * @param above the position that it began above; -1 for the log's beginning
 * @param through the last position of it
 * @param oldest when the first event in it was written
 */
public record LogSpan(long above, long through, Instant oldest) {}
