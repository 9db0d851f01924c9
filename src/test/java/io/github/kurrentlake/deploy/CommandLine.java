package io.github.kurrentlake.deploy;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The command line, each command in a process of its own, begun in one directory. */
final class CommandLine {
  private static final Path HOME = Path.of("").toAbsolutePath();
  private static final Path TARGET = HOME.resolve("target");

  private final Path directory;

  /** What each process wrote to stderr: a pipe that nobody reads would fill and stop it. */
  private final Map<Process, Path> errors = new HashMap<>();

  CommandLine(Path directory) {
    this.directory = directory;
  }

  record Ended(int code, String out, String err) {}

  Ended run(String... arguments) throws IOException, InterruptedException {
    var process = start(arguments);
    process.getOutputStream().close();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), out, Files.readString(errors.get(process)));
  }

  Process start(String... arguments) throws IOException {
    var classPath =
        String.join(
            File.pathSeparator,
            TARGET.resolve("classes").toString(),
            Files.readString(TARGET.resolve("classpath-provided.txt")).strip(),
            Files.readString(TARGET.resolve("classpath-runtime.txt")).strip());
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + HOME.resolve("jobs").resolve("java.options"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=240m"));
    command.add("-Dspark.sql.codegen.wholeStage=false");
    command.add("-Dkurrentlake.home=" + HOME);
    command.addAll(List.of("-cp", classPath, "io.github.kurrentlake.cli.Kurrentlake"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().put("KURRENTDB_USERNAME", "admin");
    builder.environment().put("KURRENTDB_PASSWORD", "changeit");
    builder.environment().remove("SPARK_HOME");
    var stderr = Files.createTempFile(directory, "stderr", null);
    var process = builder.redirectError(stderr.toFile()).start();
    errors.put(process, stderr);
    return process;
  }
}
