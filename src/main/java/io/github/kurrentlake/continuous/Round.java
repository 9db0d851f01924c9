package io.github.kurrentlake.continuous;

import java.time.Duration;

/**
 * What a round moved.
 *
 * @param events new in Bronze
 * @param rows written to Gold
 * @param took from the question for new events until they were in Gold
 */
public record Round(long events, long rows, Duration took) {}
