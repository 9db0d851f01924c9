/**
 * KurrentDB as a Spark source: the Flight SQL connection, the SQL that the server accepts, the
 * planning of disjoint ranges of the log and their columnar reading. Bronze and any Spark user call
 * it through {@code format("kurrentdb")}; it uses settings and errors and knows no table of ours.
 */
package io.github.kurrentlake.source;
