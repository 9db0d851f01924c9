package io.github.kurrentlake.deploy.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.kurrentlake.deploy.cluster.driver.Answer;
import io.github.kurrentlake.deploy.cluster.driver.Driver;
import io.github.kurrentlake.deploy.cluster.driver.Principal;
import io.github.kurrentlake.deploy.cluster.driver.Request;
import io.github.kurrentlake.testing.JavaCommand;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * As near to a cluster of Databricks as open source comes: a driver in a process of its own that
 * has its session before the first task comes, an executor in another, and the jar installed beside
 * what a cluster has and what not. All its tasks have one driver; on Databricks each run of a job
 * has a cluster of its own.
 */
final class DatabricksCluster implements AutoCloseable {
  private final Path directory;
  private final ObjectMapper json = new ObjectMapper();
  private final Process driver;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  private DatabricksCluster(Path directory, Process driver) {
    this.directory = directory;
    this.driver = driver;
    this.requests = driver.outputWriter(StandardCharsets.UTF_8);
    this.answers = driver.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Starts it and waits until it takes tasks.
   *
   * @param jar what is deployed, where the build left it
   * @param directory an empty directory for all that it writes
   * @param environment of the driver and of its executors
   */
  static DatabricksCluster start(Path jar, Path directory, Map<String, String> environment)
      throws IOException {
    var home = distribution(jar.getParent(), Files.createDirectories(directory.resolve("spark")));
    var fixture = ownClasses(Files.createDirectory(directory.resolve("fixture")));
    var older = older(jar.resolveSibling("cluster-jars"));
    var settings =
        new ObjectMapper()
            .writeValueAsString(settings(directory, older + File.pathSeparator + fixture));
    var builder =
        JavaCommand.of(
                Driver.class.getName(),
                String.join(
                    File.pathSeparator, older, home.resolve("jars") + "/*", fixture.toString()),
                List.of("-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=256m", "-Xmx1g"),
                List.of(jar.toAbsolutePath().toString(), settings))
            .directory(directory.toFile())
            .redirectError(directory.resolve("driver.log").toFile());
    builder.environment().putAll(environment);
    builder.environment().put("DATABRICKS_RUNTIME_VERSION", "17.3");
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_DIRS", directory.resolve("scratch").toString());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    var cluster = new DatabricksCluster(directory, builder.start());
    cluster.answer();
    return cluster;
  }

  /** The class path of the libraries that come before those of the jar. */
  private static String older(Path jars) throws IOException {
    try (var files = Files.list(jars)) {
      if (files.findAny().isEmpty()) {
        throw new IOException("no jars in " + jars);
      }
      return jars + "/*";
    }
  }

  private static Map<String, String> settings(Path directory, String executorClassPath) {
    var settings = new HashMap<String, String>();
    settings.put("spark.master", "local-cluster[1,2,1024]");
    settings.put("spark.executor.memory", "1g");
    settings.put("spark.executor.extraClassPath", executorClassPath);
    settings.put("spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1");
    settings.put("spark.scheduler.minRegisteredResourcesRatio", "1");
    settings.put("spark.driver.host", "localhost");
    settings.put("spark.driver.bindAddress", "127.0.0.1");
    settings.put("spark.log.level", "WARN");
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.sql.shuffle.partitions", "2");
    settings.put("spark.databricks.delta.snapshotPartitions", "2");
    // So many tasks list the files of a table for VACUUM.
    settings.put("spark.sql.sources.parallelPartitionDiscovery.parallelism", "2");
    settings.put("spark.sql.codegen.wholeStage", "false");
    settings.put("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    settings.put("spark.sql.warehouse.dir", directory.resolve("warehouse").toUri().toString());
    settings.put("spark.hadoop.fs.dbfs.root", directory.resolve("dbfs").toString());
    settings.put("spark.cluster.statements", directory.resolve("statements.log").toString());
    return settings;
  }

  /** The smallest distribution from which executors start. */
  private static Path distribution(Path target, Path home) throws IOException {
    var jars = Files.createDirectory(home.resolve("jars"));
    for (var list : List.of("classpath-provided.txt", "classpath-shared.txt")) {
      var paths = Files.readString(target.resolve(list)).strip();
      for (var jar : List.of(paths.split(File.pathSeparator))) {
        var link = jars.resolve(Path.of(jar).getFileName());
        if (Files.notExists(link)) {
          Files.createSymbolicLink(link, Path.of(jar));
        }
      }
    }
    return home;
  }

  /** The driver's classes alone: beside them lie the product's tests. */
  private static Path ownClasses(Path fixture) throws IOException {
    try {
      var tests = Path.of(Driver.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      var room = tests.getFileSystem().getPath(Driver.class.getPackageName().replace('.', '/'));
      var copy = Files.createDirectories(fixture.resolve(room));
      try (var classes = Files.list(tests.resolve(room))) {
        for (var file : classes.toList()) {
          Files.copy(file, copy.resolve(file.getFileName()));
        }
      }
      return fixture;
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  /** Runs a task and waits for its end, however that is. */
  Answer run(Request task) throws IOException {
    requests.write(json.writeValueAsString(task));
    requests.newLine();
    requests.flush();
    return json.readValue(answer(), Answer.class);
  }

  /** Somebody else optimizes and vacuums all tables, in another session. */
  Answer optimizeAndVacuum() throws IOException {
    return run(new Request("optimize_and_vacuum", "", List.of(), Principal.OWNER));
  }

  /** The directory of a table of the catalog. */
  Path table(String schema, String name) {
    return directory.resolve("warehouse").resolve(schema + ".db").resolve(name);
  }

  private String answer() throws IOException {
    var line = answers.readLine();
    if (line == null) {
      throw new IOException("the driver ended: " + directory.resolve("driver.log"));
    }
    return line;
  }

  /** Stops the driver, and with it its executors. */
  @Override
  public void close() throws IOException {
    requests.close();
    try {
      driver.waitFor();
    } catch (InterruptedException e) {
      driver.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
