package io.github.kurrentlake.deploy;

import io.github.kurrentlake.cli.Kurrentlake;
import io.github.kurrentlake.testing.JavaCommand;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
    var options =
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=240m",
            "-Dspark.sql.codegen.wholeStage=false",
            "-Dkurrentlake.home=" + HOME);
    var builder =
        JavaCommand.of(Kurrentlake.class.getName(), classPath, options, List.of(arguments))
            .directory(directory.toFile());
    builder.environment().put("KURRENTDB_USERNAME", "admin");
    builder.environment().put("KURRENTDB_PASSWORD", "changeit");
    builder.environment().remove("SPARK_HOME");
    var stderr = Files.createTempFile(directory, "stderr", null);
    var process = builder.redirectError(stderr.toFile()).start();
    errors.put(process, stderr);
    return process;
  }
}
