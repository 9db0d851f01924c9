package io.github.kurrentlake.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * The sizes of a benchmark.
 *
 * @param events loan events in the log of the floors, of Bronze, of Silver and of the memory row
 * @param guideEvents how many of them the guide's cell reads; it is slow
 * @param layoutEvents events of the log of three years that the layouts are tried with
 * @param hourlyEvents events of an hourly run into that log's tables
 * @param growth sizes of the Bronze tables that an increment is merged into
 * @param increment events of that increment
 * @param memory sizes of the logs that a Bronze of fixed heap reads
 * @param gold sizes of the Gold tables, in loans, that a refresh follows
 * @param followSeconds for how long the log grows while it is followed
 * @param hours how many hourly runs there are one after the other
 * @param rounds how often everything is measured; the median counts
 * @param warmUp whether a round goes before them that does not count
 * @param only names of rows, or of groups such as {@code growth}; empty for all
 * @param transport how the node is reached
 * @param directory where tables and files are written; what is written is deleted in the end
 */
public record BenchOptions(
    long events,
    long guideEvents,
    long layoutEvents,
    long hourlyEvents,
    List<Long> growth,
    long increment,
    List<Long> memory,
    List<Long> gold,
    long followSeconds,
    long hours,
    int rounds,
    WarmUp warmUp,
    List<String> only,
    Transport transport,
    Path directory) {

  public BenchOptions {
    growth = growth.stream().distinct().sorted().toList();
    memory = memory.stream().distinct().sorted().toList();
    gold = gold.stream().distinct().sorted().toList();
    only = List.copyOf(only);
  }

  /** What goes before the rounds that count. */
  public enum WarmUp {
    /** A round of everything: classes are loaded and compiled then. */
    ONE_ROUND,
    /** Nothing, for a quick look. */
    NONE
  }

  /** How the node is reached. */
  public enum Transport {
    /** With TLS and a password, as in production. */
    TLS,
    /** Without both, to tell what they cost. */
    PLAINTEXT
  }

  /** The first round's number; 0 does not count. */
  int firstRound() {
    return switch (warmUp) {
      case ONE_ROUND -> 0;
      case NONE -> 1;
    };
  }

  /** Whether a row is asked for. */
  boolean wants(String name) {
    return only.isEmpty()
        || only.stream().anyMatch(asked -> name.equals(asked) || name.startsWith(asked + "-"));
  }
}
