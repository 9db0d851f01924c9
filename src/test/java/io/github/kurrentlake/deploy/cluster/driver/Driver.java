package io.github.kurrentlake.deploy.cluster.driver;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * The driver of a cluster: makes the session, and then runs what it is told on stdin, a line each,
 * and answers with a line. It knows nothing of the product; that comes in the jar.
 */
public final class Driver {
  private final Library library;
  private final ClassLoader ofThreads;
  private final SparkSession spark;

  private Driver(Path jar, Map<String, String> settings) {
    library = Library.of(jar);
    // Also Spark's own threads read what tasks send them, which may be of the jar's classes.
    ofThreads = library.ofThreads();
    Thread.currentThread().setContextClassLoader(ofThreads);
    spark = SparkSession.builder().appName("cluster").config(settings(settings)).getOrCreate();
    spark.sparkContext().addJar(jar.toUri().toString());
  }

  private static Map<String, Object> settings(Map<String, String> given) {
    var all = new HashMap<String, Object>(ClusterContents.SETTINGS);
    all.putAll(given);
    return all;
  }

  /** Takes the jar, the settings as JSON, and then requests. */
  public static void main(String[] arguments) throws Exception {
    var answers = System.out;
    // Whatever else prints must not come between.
    System.setOut(System.err);
    var json = new ObjectMapper();
    Map<String, String> settings = new HashMap<>();
    json.readTree(arguments[1])
        .properties()
        .forEach(entry -> settings.put(entry.getKey(), entry.getValue().asText()));
    var driver = new Driver(Path.of(arguments[0]), settings);
    answers.println("ready");
    try (var requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (var line = requests.readLine(); line != null; line = requests.readLine()) {
        answers.println(
            json.writeValueAsString(driver.answer(json.readValue(line, Request.class))));
      }
    }
    driver.spark.stop();
  }

  private Answer answer(Request request) throws InterruptedException {
    var out = new ByteArrayOutputStream();
    var context = new TaskContext(spark.sparkContext());
    var statements = context.statements(request.task());
    var jobs = spark.sparkContext().dagScheduler().numTotalJobs();
    var failure = new StringWriter();
    var start = System.nanoTime();
    var thread = new Thread(() -> run(request, context, failure), request.task());
    thread.setContextClassLoader(ofThreads);
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    thread.start();
    thread.join();
    System.setOut(System.err);
    var lines = out.toString(StandardCharsets.UTF_8).strip();
    return new Answer(
        request.task(),
        (System.nanoTime() - start) / 1e9,
        lines.substring(lines.lastIndexOf('\n') + 1),
        failure.toString(),
        context.statements(request.task()) - statements,
        spark.sparkContext().dagScheduler().numTotalJobs() - jobs);
  }

  private void run(Request request, TaskContext context, StringWriter failure) {
    context.begin(request.task(), request.principal());
    // Each task finds a session made, with no settings of another's.
    SparkSession.setActiveSession(spark.newSession());
    try {
      if (request.mainClass().isEmpty()) {
        maintain(SparkSession.active());
      } else {
        main(request.mainClass(), request.arguments());
      }
    } catch (Throwable e) {
      // Any error of a task is its answer.
      e.printStackTrace(new PrintWriter(failure, true));
    }
  }

  private void main(String mainClass, List<String> arguments) throws Throwable {
    try {
      Class.forName(mainClass, true, library)
          .getMethod("main", String[].class)
          .invoke(null, (Object) arguments.toArray(String[]::new));
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** What somebody else does to all tables: files are merged, and those of before are gone. */
  private static void maintain(SparkSession session) throws IOException {
    session.conf().set("spark.databricks.delta.retentionDurationCheck.enabled", "false");
    var tables = new ArrayList<String>();
    for (var schema : session.sql("SHOW SCHEMAS IN " + LakehouseCatalog.NAME).collectAsList()) {
      var name = LakehouseCatalog.NAME + "." + schema.getString(0);
      session
          .sql("SHOW TABLES IN " + name)
          .filter("NOT isTemporary")
          .collectAsList()
          .forEach(table -> tables.add(name + "." + table.<String>getAs("tableName")));
    }
    for (var table : tables) {
      session.sql("OPTIMIZE " + table);
      session.sql("VACUUM " + table + " RETAIN 0 HOURS");
    }
    System.out.println("optimized and vacuumed: " + String.join(", ", tables));
  }
}
