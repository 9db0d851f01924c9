package io.github.kurrentlake.cli;

import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.loans.Replay;
import io.github.kurrentlake.pipeline.PipelineReplay;
import io.github.kurrentlake.replay.ReplayJob;
import io.github.kurrentlake.replay.TableReplay;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.silver.SilverJob;
import io.github.kurrentlake.source.KurrentDbSettings;
import io.github.kurrentlake.table.Lakehouse;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tables made again while they are read. */
@Command(
    name = "replay",
    description = {
      "Make Silver tables again beside the ones that are read, compare them row by row, and switch each"
          + " in one commit; Gold follows.",
      "With --from=kurrentdb Bronze is made again too, of an embedded KurrentDB unless --endpoint names"
          + " one. Run it again the same way to finish what was interrupted."
    })
final class ReplayCommand implements Callable<Integer> {
  private static final TaskSettings TASK_SETTINGS =
      new TaskSettings(
          Stream.concat(
                  Stream.of(
                      KurrentDbSettings.ENDPOINT,
                      KurrentDbSettings.TLS_CA,
                      SilverJob.TIMESTAMP_ZONE),
                  ReplayJob.OWN.stream())
              .toList());

  private final Launcher launcher;

  @Mixin private KurrentDbAccess kurrentdb;

  @Mixin private LakehouseOption lakehouse;

  @Mixin private PipelineOption pipeline;

  @Option(names = "--status", description = "Show the replays that there were, and do nothing.")
  private boolean status;

  @Spec private CommandSpec spec;

  private ReplayCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  static CommandLine commandLine(Launcher launcher) {
    return TASK_SETTINGS.commandLine(new ReplayCommand(launcher));
  }

  @Override
  public Integer call() {
    var parameters = TASK_SETTINGS.given(spec.commandLine().getParseResult());
    kurrentdb.check(parameters);
    var directory = lakehouse.existing();
    parameters.put("catalog", directory.toString());
    pipeline.addTo(parameters);
    try (var session = LocalSession.start(directory, "kurrentlake-replay")) {
      launcher.out().println("Lakehouse  " + directory);
      launcher.out().flush();
      if (status) {
        var replays = TableReplay.status(session.spark(), Lakehouse.at(directory));
        TablePrinter.to(launcher.out()).print(replays.schema(), replays.toLocalIterator());
        return 0;
      }
      var from = parameters.getOrDefault(TaskSettings.parameter(ReplayJob.FROM), "");
      return from.equalsIgnoreCase(ReplayJob.From.KURRENTDB.name())
          ? kurrentdb.use(launcher, parameters, (all, reach) -> run(session.spark(), all, reach))
          : run(session.spark(), parameters, Environment.ofProcess());
    }
  }

  private int run(SparkSession spark, Map<String, String> parameters, Environment environment) {
    var job = pipeline.<ReplayJob>job(Replay::new, PipelineReplay::new);
    var settings = TaskSettings.of(job, parameters, environment);
    var out = launcher.out();
    var report = job.run(spark, settings, new Pace(out, () -> job.events(spark, settings)));
    report.notes().forEach(out::println);
    out.printf("%,d rows compared, %,d differed.%n", report.eventsIn(), report.rowsOut());
    out.flush();
    return 0;
  }

  /** Says now and then how far it is, how fast, and how long it will take. */
  private static final class Pace implements Progress {
    private static final long BETWEEN_LINES = TimeUnit.SECONDS.toNanos(5);

    private final PrintStream out;
    private final LongSupplier all;
    private final long begun = System.nanoTime();
    private long printed = begun;
    private long total = -1;

    Pace(PrintStream out, LongSupplier all) {
      this.out = out;
      this.all = all;
    }

    @Override
    public synchronized void reached(long eventsIn, long rowsOut) {
      var now = System.nanoTime();
      if (eventsIn == 0 || now - printed < BETWEEN_LINES) {
        return;
      }
      printed = now;
      total = total < 0 ? all.getAsLong() : total;
      var perSecond = Math.max(eventsIn * TimeUnit.SECONDS.toNanos(1) / (now - begun), 1);
      out.printf(
          "  %,d of %,d events, %,d per second, %,d s left%n",
          eventsIn, total, perSecond, Math.max(total - eventsIn, 0) / perSecond);
      out.flush();
    }
  }
}
