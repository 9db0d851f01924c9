package io.github.kurrentlake.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A main class in a JVM of its own, with what Spark and Arrow need of a JDK. */
public final class JavaCommand {
  private JavaCommand() {}

  /** Prepares it with the class path of this JVM. */
  public static ProcessBuilder of(Class<?> main, List<String> options, List<String> arguments) {
    return of(main.getName(), System.getProperty("java.class.path"), options, arguments);
  }

  public static ProcessBuilder of(
      String main, String classPath, List<String> options, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of("jobs", "java.options").toAbsolutePath());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }
}
