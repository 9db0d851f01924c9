package io.github.kurrentlake.deploy.cluster.driver;

/**
 * How a task ended.
 *
 * @param lastLine the last that it printed
 * @param failure what it threw, with its stack; empty when it ended well
 * @param statements SQL statements that it ran
 * @param jobs Spark jobs that it started
 */
public record Answer(
    String task, double seconds, String lastLine, String failure, long statements, int jobs) {

  public boolean endedWell() {
    return failure.isEmpty();
  }
}
