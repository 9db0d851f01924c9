package io.github.kurrentlake.bench;

import io.github.kurrentlake.error.ErrorCode;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A JVM of its own, so that its memory and its processor time can be told apart. It is given orders
 * on its stdin and answers in lines on its stdout; it ends when its stdin does, and so also when
 * this JVM is killed.
 */
final class ChildJvm implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;
  private static final List<String> LOGGING =
      List.of("log4j2.configurationFile", "kurrentlake.log");

  private final Process process;
  private final BufferedReader answers;
  private final PrintWriter orders;
  private final Path errors;

  private ChildJvm(Process process, Path errors) {
    this.process = process;
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.orders = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.errors = errors;
  }

  /**
   * Starts a main class with this JVM's class path and options.
   *
   * @param heap the most its heap may take, such as {@code 1g}
   * @param errors the file that takes its stderr
   */
  static ChildJvm start(Class<?> main, String heap, List<String> arguments, Path errors) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> Stream.of("--add-", "-D", "-XX:").anyMatch(option::startsWith))
        .forEach(command::add);
    LOGGING.stream()
        .filter(property -> System.getProperty(property) != null)
        .map(property -> "-D" + property + "=" + System.getProperty(property))
        .forEach(command::add);
    command.add("-Xmx" + heap);
    command.addAll(List.of("-cp", absolute(System.getProperty("java.class.path"))));
    command.add(main.getName());
    command.addAll(arguments);
    try {
      var process =
          new ProcessBuilder(command).redirectError(Redirect.appendTo(errors.toFile())).start();
      return new ChildJvm(process, errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The stdout of a child, for answers alone: what a library prints goes to stderr. */
  static PrintStream answers() {
    var out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    return out;
  }

  /** Gives an order and waits for its answer. */
  String ask(String order) {
    order(order);
    return answer();
  }

  /** Gives an order. */
  void order(String order) {
    orders.println(order);
  }

  /** Ends it as a machine that goes away does. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** The next line that the child says. */
  String answer() {
    try {
      var line = answers.readLine();
      if (line == null) {
        throw ErrorCode.INTERNAL
            .error()
            .with("process", "a child JVM ended early")
            .with("it said", lastErrors());
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Processor time that it has used so far. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  @Override
  public void close() {
    orders.close();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private String lastErrors() throws IOException {
    try (var lines = Files.lines(errors, StandardCharsets.UTF_8)) {
      var all = lines.toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - 10), all.size()));
    }
  }

  private static String absolute(String classPath) {
    return String.join(
        File.pathSeparator,
        Stream.of(classPath.split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }
}
