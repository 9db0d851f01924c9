package io.github.kurrentlake.pipeline;

/**
 * Something that the next run would do, or that has to be done before.
 *
 * @param table the table with its schema
 * @param what as a sentence without a full stop
 * @param isRefused whether the run would fail for it
 */
public record Planned(String table, String what, boolean isRefused) {}
