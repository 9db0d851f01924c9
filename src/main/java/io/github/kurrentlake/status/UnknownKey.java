package io.github.kurrentlake.status;

/**
 * A key of payloads that no declaration reads.
 *
 * @param table the Silver table that its events are in
 * @param eventType their type
 * @param key its path, as a declaration writes it
 * @param kinds what stands there, in the words of {@link io.github.kurrentlake.payload.Keys}
 * @param share of the events of the type that have it, in 0 to 1
 * @param firstPosition the first event that has it, of those that were looked at
 */
public record UnknownKey(
    String table, String eventType, String key, String kinds, double share, long firstPosition) {}
