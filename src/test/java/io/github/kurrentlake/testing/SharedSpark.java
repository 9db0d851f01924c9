package io.github.kurrentlake.testing;

import io.github.kurrentlake.job.Sessions;
import org.apache.spark.sql.SparkSession;

/** The one session of all tests of a JVM. */
public final class SharedSpark {
  private SharedSpark() {}

  public static SparkSession session() {
    return Holder.SESSION;
  }

  private static final class Holder {
    private static final SparkSession SESSION = Sessions.local("kurrentlake-tests");
  }
}
