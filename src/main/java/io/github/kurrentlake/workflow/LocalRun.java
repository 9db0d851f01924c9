package io.github.kurrentlake.workflow;

import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.job.TaskRuns;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.Settings;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.SparkSession;

/**
 * A workflow's graph, run in this JVM and one session. A task starts as soon as all tasks it
 * depends on have succeeded, so independent tasks run at the same time; a failed task stops those
 * that depend on it and no others. All main classes and arguments are checked before the first task
 * starts.
 */
public final class LocalRun {
  private final WorkflowFile workflow;
  private final Map<String, String> parameters;
  private final Environment environment;
  private final RunListener listener;

  private LocalRun(
      WorkflowFile workflow,
      Map<String, String> parameters,
      Environment environment,
      RunListener listener) {
    this.workflow = workflow;
    this.parameters = Map.copyOf(parameters);
    this.environment = environment;
    this.listener = listener;
  }

  /** A run with the workflow's own job parameters and this process's environment. */
  public static LocalRun of(WorkflowFile workflow) {
    return new LocalRun(workflow, Map.of(), Environment.ofProcess(), RunListener.unwatched());
  }

  /** The same run with some job parameters set otherwise. */
  public LocalRun parameters(Map<String, String> overrides) {
    return new LocalRun(workflow, overrides, environment, listener);
  }

  /** The same run with secrets and defaults from another environment. */
  public LocalRun environment(Environment other) {
    return new LocalRun(workflow, parameters, other, listener);
  }

  /** The same run, watched. */
  public LocalRun watchedBy(RunListener watcher) {
    return new LocalRun(workflow, parameters, environment, watcher);
  }

  /**
   * Runs the graph and waits for its end.
   *
   * @return each task's outcome by its key, in the workflow's order
   * @throws KurrentlakeException KL-101, KL-102 or KL-402, before anything ran, when a task's main
   *     class or arguments cannot be used
   */
  public Map<String, Outcome> run(SparkSession spark) {
    var id = UUID.randomUUID().toString();
    var prepared = workflow.tasks().stream().map(task -> prepare(task, id)).toList();
    var executor = Executors.newFixedThreadPool(prepared.size(), threads());
    try {
      Map<String, CompletableFuture<Outcome>> running = new LinkedHashMap<>();
      for (var task : prepared) {
        running.put(task.task().key(), start(task, running, spark, executor));
      }
      var outcomes = new LinkedHashMap<String, Outcome>();
      running.forEach((key, outcome) -> outcomes.put(key, outcome.join()));
      return Collections.unmodifiableMap(outcomes);
    } finally {
      executor.shutdownNow();
    }
  }

  private record Prepared(WorkflowTask task, Job job, Settings settings) {}

  private Prepared prepare(WorkflowTask task, String id) {
    try {
      var job = task.job();
      var arguments = workflow.arguments(task, parameters, id);
      return new Prepared(task, job, Settings.parse(job.settings(), arguments, environment));
    } catch (KurrentlakeException e) {
      throw e.with("task", task.key());
    }
  }

  private CompletableFuture<Outcome> start(
      Prepared prepared,
      Map<String, CompletableFuture<Outcome>> earlier,
      SparkSession spark,
      ExecutorService executor) {
    var task = prepared.task();
    var dependencies = new LinkedHashMap<String, CompletableFuture<Outcome>>();
    task.dependencies().forEach(key -> dependencies.put(key, earlier.get(key)));
    return CompletableFuture.allOf(dependencies.values().toArray(CompletableFuture<?>[]::new))
        .thenApplyAsync(
            done -> {
              var missing =
                  dependencies.entrySet().stream()
                      .filter(entry -> !(entry.getValue().join() instanceof Outcome.Succeeded))
                      .map(Map.Entry::getKey)
                      .toList();
              var outcome = missing.isEmpty() ? run(prepared, spark) : new Outcome.Skipped(missing);
              listener.finished(task, outcome);
              return outcome;
            },
            executor);
  }

  private Outcome run(Prepared prepared, SparkSession spark) {
    var task = prepared.task();
    var start = System.nanoTime();
    try {
      listener.started(task);
      // Delta looks its session up by the thread.
      SparkSession.setActiveSession(spark);
      var report =
          TaskRuns.run(
              prepared.job(),
              spark,
              prepared.settings(),
              (eventsIn, rowsOut) -> listener.progressed(task, eventsIn, rowsOut));
      return new Outcome.Succeeded(report, since(start));
    } catch (Throwable e) {
      // An Error of one task (no memory, a class missing) must not leave the others' caller
      // waiting.
      return new Outcome.Failed(e, since(start));
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static ThreadFactory threads() {
    var number = new AtomicInteger();
    return task -> {
      var thread = new Thread(task, "workflow-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
