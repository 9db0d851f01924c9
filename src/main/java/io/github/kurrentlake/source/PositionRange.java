package io.github.kurrentlake.source;

import java.io.Serializable;

/**
 * A part of the log: the events with {@code above < log_position <= through}.
 *
 * @param events how many of the wanted events there were when the range was planned
 */
public record PositionRange(long above, long through, long events) implements Serializable {}
