/**
 * Postgres as a Spark source, for batch and stream: what its types become, the four ways to find
 * what is new in a table, and reading it over one connection. LakebaseIngest and any Spark user
 * call it through {@code format("lakebase")}, and the history reads the columns that it names; it
 * uses the way to connect, the names of tables, settings and errors, and knows no Delta table.
 */
package io.github.kurrentlake.lakebase.source;
