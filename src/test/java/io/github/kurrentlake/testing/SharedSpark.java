package io.github.kurrentlake.testing;

import io.github.kurrentlake.table.Sessions;
import org.apache.spark.sql.SparkSession;

/**
 * The one session of all tests of a JVM. It interprets its plans: on tables of a few rows,
 * compiling them takes most of the time. The commands of the launcher compile theirs, as a cluster
 * does.
 */
public final class SharedSpark {
  private SharedSpark() {}

  public static SparkSession session() {
    return Holder.SESSION;
  }

  private static final class Holder {
    private static final SparkSession SESSION = interpreting(Sessions.local("kurrentlake-tests"));

    private static SparkSession interpreting(SparkSession session) {
      session.conf().set("spark.sql.codegen.wholeStage", "false");
      session.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
      return session;
    }
  }
}
