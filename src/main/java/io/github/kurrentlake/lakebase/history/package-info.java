/**
 * The history of a Postgres table in Silver, as slowly changing dimension of type 2: every version
 * of every row with the time in which it was the valid one. Jobs and notebooks call it; it reads a
 * Bronze table of row versions, whose columns the source names, and uses tables, jobs, settings and
 * errors.
 */
package io.github.kurrentlake.lakebase.history;
