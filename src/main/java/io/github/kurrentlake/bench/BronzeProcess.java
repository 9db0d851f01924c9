package io.github.kurrentlake.bench;

import io.github.kurrentlake.loans.Loans;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.Sessions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.atomic.AtomicLong;

/** One Bronze run in a JVM of its own with a small heap, which tells how much memory it took. */
final class BronzeProcess {
  /** The heap, in megabytes: a run that needs more fails. */
  static final int HEAP_MB = 512;

  private static final long COLLECTION_MILLIS = 1_000;
  private static final double MEGABYTE = 1 << 20;
  private static final Path STATUS = Path.of("/proc/self/status");

  private BronzeProcess() {}

  /** Reads the whole log of a node into a lakehouse. */
  static Sample run(BenchNode node, Path lakehouse, Path directory) {
    var arguments = new ArrayList<>(node.address().arguments());
    arguments.add(lakehouse.toString());
    try (var jvm =
        ChildJvm.start(
            BronzeProcess.class, HEAP_MB + "m", arguments, directory.resolve("bronze.log"))) {
      var figures = jvm.answer().split(" ", -1);
      var sample =
          new Sample(Long.parseLong(figures[0]), Double.parseDouble(figures[1]))
              .with("live_heap_mb", Double.parseDouble(figures[2]));
      var resident = Double.parseDouble(figures[3]);
      return resident > 0 ? sample.with("resident_mb", resident) : sample;
    }
  }

  public static void main(String[] arguments) throws IOException {
    var answers = ChildJvm.answers();
    var heap = watchHeap();
    var node = NodeAddress.of(List.of(arguments));
    try (var spark = Sessions.local("kurrentlake-bench")) {
      var begun = System.nanoTime();
      var report = Loans.of(spark, Lakehouse.at(Path.of(arguments[4]))).ingest(node.kurrentdb());
      answers.println(
          report.rowsOut()
              + " "
              + (System.nanoTime() - begun) / 1e9
              + " "
              + heap.get() / MEGABYTE
              + " "
              + residentMegabytes());
    }
  }

  /**
   * The most that is alive in the heap, seen by collecting it again and again while Bronze runs;
   * what a JVM leaves standing by itself tells how much it was given, not how much it needs.
   */
  private static AtomicLong watchHeap() {
    var most = new AtomicLong();
    var memory = ManagementFactory.getMemoryMXBean();
    var timer = new Timer("live-heap", true);
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            memory.gc();
            most.accumulateAndGet(memory.getHeapMemoryUsage().getUsed(), Math::max);
          }
        },
        0,
        COLLECTION_MILLIS);
    return most;
  }

  /** The most memory that the process ever had; 0 where the system does not tell. */
  private static double residentMegabytes() throws IOException {
    if (!Files.isReadable(STATUS)) {
      return 0;
    }
    try (var lines = Files.lines(STATUS, StandardCharsets.UTF_8)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
          .findFirst()
          .orElse(0);
    }
  }
}
