package io.github.kurrentlake.bench;

import io.github.kurrentlake.job.Phase;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.loans.Loans;
import io.github.kurrentlake.source.KurrentDb;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Sessions;
import io.github.kurrentlake.table.SideBySide;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * Runs the tasks again and again until it is killed. It says each phase and waits there until it is
 * told to go on.
 */
final class ChaosProcess implements Progress {
  static final String GO_ON = "go on";

  /** So small that most runs take several batches. */
  private static final long BATCH_SIZE = 7;

  private final PrintStream answers;
  private final BufferedReader orders =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

  private ChaosProcess(PrintStream answers) {
    this.answers = answers;
  }

  public static void main(String[] arguments) {
    var process = new ChaosProcess(ChildJvm.answers());
    var kurrentdb = NodeAddress.of(List.of(arguments)).kurrentdb();
    var spark = Sessions.local("kurrentlake-chaos");
    interpret(spark);
    process.say("ready");
    var loans = Loans.of(spark, Lakehouse.at(Path.of(arguments[4]))).watchedBy(process);
    while (true) {
      run(loans, kurrentdb);
    }
  }

  /** Runs all tasks, those of Silver side by side. */
  static void run(Loans loans, KurrentDb kurrentdb) {
    loans.ingest(kurrentdb, BATCH_SIZE);
    SideBySide.each(Loans.projections(), loans::project);
    loans.refresh();
  }

  /** Has Spark compile nothing, which on tables of a few rows takes most of the time. */
  static void interpret(SparkSession spark) {
    spark.conf().set("spark.sql.codegen.wholeStage", "false");
    spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
  }

  @Override
  public void reached(long eventsIn, long rowsOut) {}

  @Override
  public void passed(Phase phase) {
    say(phase.name());
  }

  private synchronized void say(String what) {
    answers.println(what);
    try {
      if (orders.readLine() == null) {
        Runtime.getRuntime().halt(0);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
