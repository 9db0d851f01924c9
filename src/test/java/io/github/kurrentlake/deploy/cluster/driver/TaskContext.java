package io.github.kurrentlake.deploy.cluster.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * The task that a thread works for, as Spark hands it on to the threads that this one starts, and
 * the log of all tasks' statements: a line each, the task's name before it.
 */
record TaskContext(SparkContext spark) {
  static final String STATEMENTS = "spark.cluster.statements";
  private static final String TASK = "cluster.task";
  private static final String PRINCIPAL = "cluster.principal";

  static TaskContext of(SparkSession session) {
    return new TaskContext(session.sparkContext());
  }

  /** Says for what task this thread, and those it starts, work from now on. */
  void begin(String task, Principal principal) {
    spark.setLocalProperty(TASK, task);
    spark.setLocalProperty(PRINCIPAL, principal.name());
  }

  Principal principal() {
    var name = spark.getLocalProperty(PRINCIPAL);
    return name == null ? Principal.OWNER : Principal.valueOf(name);
  }

  void noteStatement(String statement) {
    var task = spark.getLocalProperty(TASK);
    var line = "%s\t%s%n".formatted(task, statement.replaceAll("\\s+", " ").strip());
    try {
      Files.writeString(log(), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many statements a task has run, over all its runs. */
  long statements(String task) {
    try (var lines = Files.lines(log())) {
      return lines.filter(line -> line.startsWith(task + "\t")).count();
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path log() {
    return Path.of(spark.conf().get(STATEMENTS));
  }
}
