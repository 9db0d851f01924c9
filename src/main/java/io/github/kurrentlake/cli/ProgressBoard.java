package io.github.kurrentlake.cli;

import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.workflow.Outcome;
import io.github.kurrentlake.workflow.RunListener;
import io.github.kurrentlake.workflow.WorkflowTask;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How far a run is: on a terminal a line per task, redrawn in place; elsewhere a line when a task
 * ends, and one now and then while it moves rows. Anyone who owns a board calls {@link #tick} every
 * now and then so that the seconds move.
 */
final class ProgressBoard implements RunListener {
  private static final Duration BETWEEN_PLAIN_LINES = Duration.ofSeconds(5);
  // A line longer than the terminal would wrap, and the next redraw would start too low.
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";
  private static final String ERASE_REST = "\u001b[K";

  private final PrintStream out;
  private final boolean live;
  private final LongSupplier nanoTime;
  private final Map<String, Line> lines = new LinkedHashMap<>();
  private final int width;
  private boolean drawn;

  private static final class Line {
    private String state = "waiting";
    private long started;
    private long lastPrinted;
    private boolean hasMoved;
    private long eventsIn;
    private long rowsOut;
    private Duration took = Duration.ZERO;
    private String remark = "";
    private boolean hasFigures;
    private boolean runs;
  }

  private ProgressBoard(
      PrintStream out, boolean live, List<WorkflowTask> tasks, LongSupplier nanoTime) {
    this.out = out;
    this.live = live;
    this.nanoTime = nanoTime;
    tasks.forEach(task -> lines.put(task.key(), new Line()));
    width = tasks.stream().mapToInt(task -> task.key().length()).max().orElse(0);
  }

  /** A board that redraws its lines. */
  static ProgressBoard live(PrintStream terminal, List<WorkflowTask> tasks, LongSupplier nanoTime) {
    return new ProgressBoard(terminal, true, tasks, nanoTime);
  }

  /** A board that only ever adds lines. */
  static ProgressBoard plain(PrintStream out, List<WorkflowTask> tasks, LongSupplier nanoTime) {
    return new ProgressBoard(out, false, tasks, nanoTime);
  }

  @Override
  public synchronized void started(WorkflowTask task) {
    var line = lines.get(task.key());
    line.state = "running";
    line.runs = true;
    line.hasFigures = true;
    line.started = nanoTime.getAsLong();
    line.lastPrinted = line.started;
    redraw();
  }

  @Override
  public synchronized void progressed(WorkflowTask task, long eventsIn, long rowsOut) {
    var line = lines.get(task.key());
    line.hasMoved |= line.eventsIn != eventsIn || line.rowsOut != rowsOut;
    line.eventsIn = eventsIn;
    line.rowsOut = rowsOut;
  }

  @Override
  public synchronized void finished(WorkflowTask task, Outcome outcome) {
    var line = lines.get(task.key());
    line.runs = false;
    if (outcome instanceof Outcome.Succeeded done) {
      line.state = "done";
      line.eventsIn = done.report().eventsIn();
      line.rowsOut = done.report().rowsOut();
      line.took = done.took();
      line.remark = String.join("; ", remarks(done.report()));
    } else if (outcome instanceof Outcome.Failed failed) {
      line.state = "failed";
      line.took = failed.took();
    } else if (outcome instanceof Outcome.Skipped skipped) {
      line.state = "skipped";
      line.remark = "needs " + String.join(", ", skipped.because());
    }
    if (live) {
      redraw();
    } else {
      out.println(text(task.key(), line));
      out.flush();
    }
  }

  /** Shows the time that has passed. */
  synchronized void tick() {
    if (live) {
      redraw();
      return;
    }
    var now = nanoTime.getAsLong();
    lines.forEach(
        (key, line) -> {
          if (line.runs
              && line.hasMoved
              && now - line.lastPrinted >= BETWEEN_PLAIN_LINES.toNanos()) {
            line.lastPrinted = now;
            line.hasMoved = false;
            out.println(text(key, line));
          }
        });
    out.flush();
  }

  private void redraw() {
    if (!live) {
      return;
    }
    var screen = new StringBuilder(drawn ? "\u001b[" + lines.size() + "A" : "").append(NO_WRAP);
    lines.forEach(
        (key, line) -> screen.append('\r').append(text(key, line)).append(ERASE_REST).append('\n'));
    out.print(screen.append(WRAP));
    out.flush();
    drawn = true;
  }

  private String text(String key, Line line) {
    var name = String.format(Locale.ROOT, "  %-" + width + "s  %-7s", key, line.state);
    if (!line.hasFigures) {
      return (name + "  " + line.remark).stripTrailing();
    }
    var took = line.runs ? Duration.ofNanos(nanoTime.getAsLong() - line.started) : line.took;
    return String.format(
            Locale.ROOT,
            "%s  %,10d events in  %,10d rows out  %6.1f s  %s",
            name,
            line.eventsIn,
            line.rowsOut,
            took.toMillis() / 1000.0,
            line.remark)
        .stripTrailing();
  }

  private static List<String> remarks(JobReport report) {
    var remarks = new ArrayList<String>();
    if (report.quarantined() > 0) {
      remarks.add(String.format(Locale.ROOT, "%,d quarantined", report.quarantined()));
    }
    remarks.addAll(report.notes());
    return remarks;
  }
}
