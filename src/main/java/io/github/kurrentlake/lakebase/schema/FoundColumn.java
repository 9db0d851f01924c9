package io.github.kurrentlake.lakebase.schema;

/**
 * A column as Postgres' catalog describes it.
 *
 * @param number {@code pg_attribute.attnum}
 * @param type as Postgres writes it, such as {@code numeric(10,2)}
 * @param base {@code pg_type.typname} of the type, or of the one that a domain is of; the empty
 *     text for one that is not of {@code pg_catalog}
 * @param modifier {@code atttypmod} of that type; -1 for none
 * @param nullable whether a row may have no value
 * @param large whether Postgres may keep a value outside of the row
 * @param generated whether Postgres computes the value from the row's other columns
 * @param comment empty text for none
 */
public record FoundColumn(
    String name,
    int number,
    String type,
    String base,
    int modifier,
    boolean nullable,
    boolean large,
    boolean generated,
    String comment) {}
