/**
 * KurrentDB as a Spark source, for batch and stream: the Flight SQL connection, the SQL that the
 * server accepts, the planning of disjoint ranges of the log, their columnar reading and its
 * recovery. Bronze and any Spark user call it through {@code format("kurrentdb")}; it uses settings
 * and errors and knows no table of the layers.
 */
package io.github.kurrentlake.source;
