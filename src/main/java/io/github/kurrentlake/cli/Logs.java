package io.github.kurrentlake.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Where logs go: to a file of the command's name, so that the terminal shows only what the command
 * says, or to stderr. Decided once, before anything logs.
 */
final class Logs {
  private static final String CONFIGURATION = "log4j2.configurationFile";
  private static final String FILE = "kurrentlake.log";

  private Logs() {}

  /** Sends logs to the command's file. */
  static void toFile(Launcher launcher, String command) {
    var file = launcher.logs().resolve(command + ".log");
    System.setProperty(FILE, file.toString());
    configure("log4j2-file.properties");
  }

  /** Sends logs to stderr. */
  static void toTerminal() {
    configure("log4j2-verbose.properties");
  }

  /** The file that logs go to; none when they go to the terminal. */
  static Optional<Path> file() {
    return Optional.ofNullable(System.getProperty(FILE)).map(Path::of);
  }

  /** The options by which a child JVM logs as this one does. */
  static List<String> childOptions() {
    var options = new ArrayList<String>();
    options.add("-D" + CONFIGURATION + "=" + System.getProperty(CONFIGURATION));
    file().ifPresent(file -> options.add("-D" + FILE + "=" + file));
    return options;
  }

  private static void configure(String resource) {
    // A URL, and no class path resource: a child JVM of Spark's does not have our class path.
    System.setProperty(CONFIGURATION, Logs.class.getResource(resource).toString());
    // gRPC and Arrow log through java.util.logging, which would print to stderr.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }
}
