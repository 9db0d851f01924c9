/**
 * Any Delta table as a table of Postgres, kept up to date: whole, or by the changes since the
 * version that Postgres itself remembers. Jobs, notebooks and the launcher call it; it uses tables,
 * jobs, settings, and the way to connect.
 */
package io.github.kurrentlake.lakebase.sync;
