package io.github.kurrentlake.bench;

import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.job.Phase;
import io.github.kurrentlake.loans.Loans;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.table.Lakehouse;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.SparkSession;

/**
 * Kills processes that run the tasks, and compares what they leave with what undisturbed runs over
 * the same log make. The log grows while they run; each process goes on until it is killed, behind
 * a phase or a moment later, and the next one finds what it left.
 */
public final class Chaos {
  private static final String HEAP = "1g";
  private static final List<Phase> PHASES = Phase.OF_TASKS;
  private static final int KILLS_BETWEEN_COMPARISONS = 25;

  private static final long EVENTS_PER_LOAN = 4;

  /** By which the log is longer in the next run. */
  private static final long EVENTS_PER_RUN = 10;

  /** Of so many loan events one cannot be read. */
  private static final int ODD = 9;

  /** A phase that a process does not come to within so many is not awaited any more. */
  private static final int PATIENCE = 80;

  private static final int MOST_MILLIS_LATER = 700;

  private final SparkSession spark;
  private final int kills;
  private final PrintStream progress;
  private final Path directory;
  private final Random random;
  private final EmbeddedKurrentDb kurrentdb;
  private final NodeAddress address;
  private final BenchLog log;
  private final ChaosReport report = new ChaosReport();
  private long loanEvents;
  private int children;

  private Chaos(
      SparkSession spark,
      int kills,
      long seed,
      Path directory,
      PrintStream progress,
      EmbeddedKurrentDb kurrentdb,
      BenchLog log) {
    this.spark = spark;
    this.kills = kills;
    this.progress = progress;
    this.directory = directory;
    this.random = new Random(seed);
    this.kurrentdb = kurrentdb;
    this.log = log;
    try {
      var authority = directory.resolve("ca.pem");
      Files.writeString(authority, kurrentdb.caCertificate());
      this.address = NodeAddress.of(kurrentdb.endpoint().toString(), authority, directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Does it, and ends early at the first comparison that finds a difference.
   *
   * @param kills how many processes are killed
   * @param loans about how many the log holds before the first of them starts
   * @param seed of the phases; the moments differ each time
   * @param directory takes the lakehouses and what the processes say on stderr
   * @param progress gets a line for each kill and comparison
   */
  public static ChaosReport run(
      SparkSession spark, int kills, long loans, long seed, Path directory, PrintStream progress) {
    ChaosProcess.interpret(spark);
    try (var kurrentdb = EmbeddedKurrentDb.builder().start()) {
      var log = BenchLog.of(EVENTS_PER_LOAN * loans, 0);
      var chaos = new Chaos(spark, kills, seed, directory, progress, kurrentdb, log);
      chaos.append(log.beginning());
      chaos.run();
      return chaos.report;
    }
  }

  private void run() {
    // While one runs, the next one starts.
    var next = child();
    try {
      for (var kill = 1; kill <= kills && report.isClean(); kill++) {
        try (var child = next) {
          next = child();
          kill(child, kill);
        }
        if (kill % KILLS_BETWEEN_COMPARISONS == 0 || kill == kills) {
          compare();
        }
      }
    } finally {
      next.kill();
    }
  }

  private ChildJvm child() {
    var arguments = new ArrayList<>(address.arguments());
    arguments.add(disturbed().toString());
    children++;
    return ChildJvm.start(
        ChaosProcess.class, HEAP, arguments, directory.resolve("process-" + children + ".log"));
  }

  /** Lets a process run to a phase, or a little further, and kills it. */
  private void kill(ChildJvm child, int number) {
    var awaited = PHASES.get(random.nextInt(PHASES.size()));
    if (awaited == Phase.ATTEMPT_SETTLED) {
      refuseByAnother();
    }
    child.answer();
    var passed = 0;
    Phase phase;
    do {
      child.order(ChaosProcess.GO_ON);
      phase = Phase.valueOf(child.answer());
      if (phase == Phase.BRONZE_OPENED) {
        report.run();
        append(log.next(EVENTS_PER_RUN));
      }
      passed++;
    } while (phase != awaited && passed < PATIENCE);
    var later = random.nextBoolean();
    if (later) {
      child.order(ChaosProcess.GO_ON);
      sleep(random.nextInt(MOST_MILLIS_LATER));
    }
    child.kill();
    report.kill(phase, later);
    progress.printf("kill %d of %d: %s%s%n", number, kills, later ? "a moment after " : "", phase);
    progress.flush();
  }

  private void compare() {
    var undisturbed = Lakehouse.at(directory.resolve("undisturbed"));
    var disturbed = Lakehouse.at(disturbed());
    for (var lakehouse : List.of(undisturbed, disturbed)) {
      ChaosProcess.run(Loans.of(spark, lakehouse), address.kurrentdb());
    }
    report.comparison(TableRows.compare(spark, undisturbed, disturbed));
    progress.println(report.lastComparison());
    progress.flush();
  }

  /** As if an older declaration had refused what is in quarantine, so that it is tried again. */
  private void refuseByAnother() {
    var quarantine = Lakehouse.at(disturbed()).table(QuarantineTable.DECLARATION);
    if (quarantine.exists(spark)) {
      spark.sql("UPDATE %s SET fingerprint = 'another'".formatted(quarantine.sqlName()));
    }
  }

  private Path disturbed() {
    return directory.resolve("disturbed");
  }

  private void append(Iterator<LogRecord> records) {
    Iterable<LogRecord> all = () -> records;
    kurrentdb.append(StreamSupport.stream(all.spliterator(), false).map(this::oddNowAndThen));
  }

  private LogRecord oddNowAndThen(LogRecord record) {
    var isOdd = record.stream().startsWith(Loans.CATEGORY) && ++loanEvents % ODD == 0;
    return isOdd
        ? LogRecord.json(
            record.logPosition(),
            record.streamRevision(),
            record.createdAt(),
            record.stream(),
            record.schemaName(),
            record.recordId(),
            "[{")
        : record;
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before a kill", e);
    }
  }
}
