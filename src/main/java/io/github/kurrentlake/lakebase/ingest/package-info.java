/**
 * Postgres tables in Bronze: every version that the source sees becomes a row, and a Delta table
 * shows how far each stream has come. A workflow's task or a notebook calls it; it uses the source
 * {@code lakebase}, tables, jobs, settings and errors.
 */
package io.github.kurrentlake.lakebase.ingest;
