/**
 * The way into a Lakebase: who logs in where (an address, an instance or an endpoint of
 * Databricks), tokens that are fetched, kept in memory and renewed, connections, a small pool of
 * them and queries over them, and Postgres' errors in our own words. Every other room of {@code
 * lakebase} and the embedded Postgres call it; it uses settings and errors, and the Databricks SDK
 * only for what is on Databricks.
 */
package io.github.kurrentlake.lakebase.connect;
