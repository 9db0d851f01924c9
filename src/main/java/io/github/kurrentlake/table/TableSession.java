package io.github.kurrentlake.table;

import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The session that a layer works in: the caller's settings, but with UTC, since a date that is
 * generated from a timestamp must not depend on who runs the job, and with temporary views of its
 * own, so that parallel jobs cannot meet. Its commits are noted as Kurrentlake's.
 */
public final class TableSession {
  private TableSession() {}

  public static SparkSession of(SparkSession caller) {
    var session = caller.newSession();
    CollectionConverters.asJava(caller.conf().getAll())
        .forEach(
            (name, value) -> {
              // Only what the caller has set: a cluster's own settings may not be set again.
              if (session.conf().isModifiable(name)
                  && !session.conf().getOption(name).contains(value)) {
                session.conf().set(name, value);
              }
            });
    session.conf().set("spark.sql.session.timeZone", "UTC");
    // Spark's default, INT96, is deprecated, larger, and twice the work.
    session.conf().set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    session.conf().set(Commit.USER_METADATA, Commit.OURS);
    return session;
  }
}
